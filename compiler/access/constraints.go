package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// constraints are the requests that KMS never sends, as boxes: keys that an action or a caller does not have, that it
// always has, and that exclude one another.
func (s *space) constraints() []box {
	var list []box
	for i, d := range s.dims {
		list = append(list, s.presence(dimKeys+i, d)...)
	}
	list = append(list, s.exclusions()...)
	return slices.DeleteFunc(append(list, s.agreements()...), box.empty)
}

func (s *space) all() box { return make(box, dimKeys+len(s.dims)) }

func (s *space) actionsWhere(fits func(a action) bool) bitset {
	b := newBits(len(s.actions))
	for i, a := range s.actions {
		if fits(a) {
			b.add(i)
		}
	}
	return b
}

// knownActions are the actions that there are.
func (s *space) knownActions() bitset {
	return s.actionsWhere(func(a action) bool { return !a.future })
}

func (s *space) callersWhere(fits func(c *caller) bool) bitset {
	b := newBits(len(s.callers))
	for i := range s.callers {
		if fits(&s.callers[i]) {
			b.add(i)
		}
	}
	return b
}

func (s *space) presence(dim int, d *dimension) []box {
	if !d.key.known {
		return nil
	}
	off := s.actionsWhere(func(a action) bool { return !d.key.on(a) })
	foreign := s.callersWhere(func(c *caller) bool { return d.key.sent(c.kind) == facts.SentNever })
	must := s.callersWhere(func(c *caller) bool { return d.key.sent(c.kind) != facts.SentNever && d.key.alwaysFor(c.kind) })
	on := s.actionsWhere(func(a action) bool { return d.key.on(a) && !a.future })
	var list []box
	if !off.empty() {
		list = append(list, s.all().with(dim, d.present()).with(dimAction, off))
	}
	if !foreign.empty() {
		list = append(list, s.all().with(dim, d.present()).with(dimCaller, foreign))
	}
	if !must.empty() && !on.empty() {
		list = append(list, s.all().with(dim, d.absent()).with(dimCaller, must).with(dimAction, on))
	}
	return list
}

// doubtful are the requests of which AWS's pages contradict each other whether they are sent. They count as possible, and
// a statement that matches nothing else is told as such.
func (s *space) doubtful() []box {
	var list []box
	for i, d := range s.dims {
		who := s.callersWhere(func(c *caller) bool { return d.key.known && d.key.sent(c.kind) == facts.SentNotKnown })
		if !who.empty() {
			list = append(list, s.all().with(dimKeys+i, d.present()).with(dimCaller, who))
		}
	}
	if via := s.dim(keyViaAWS); via != nil {
		services := s.callersWhere(func(c *caller) bool { return c.kind == callerService })
		list = append(list, s.all().with(s.index[keyViaAWS], via.having("true")).with(dimCaller, services))
	}
	return slices.DeleteFunc(list, box.empty)
}

// redacted are the requests of IAM principals without aws:SecureTransport: AWS's page has the key in every request, and
// says that some of the context of calls between services is left out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
func (s *space) redacted() []box {
	d := s.dim(keyTransport)
	if d == nil {
		return nil
	}
	principals := s.callersWhere(func(c *caller) bool { return c.kind != callerService })
	return []box{s.all().with(s.index[keyTransport], d.absent()).with(dimCaller, principals)}
}

// tellsAbsence says whether a condition tells a request without the key from one with its first value.
func (d *dimension) tellsAbsence() bool {
	return len(d.classes) > 1 && d.outcomes(nil) != d.outcomes(d.classes[1].values)
}

// having are the classes of a value.
func (d *dimension) having(value string) bitset {
	return d.where(func(a class) bool { return slices.Contains(a.values, value) })
}

// exclusions are keys that are not in one request together.
func (s *space) exclusions() []box {
	var list []box
	for _, x := range facts.KeyExclusions() {
		d := s.dim(strings.ToLower(x.Key))
		if d == nil {
			continue
		}
		one := d.present()
		if x.Value != "" {
			one = d.having(x.Value)
		}
		who := s.callersWhere(func(c *caller) bool { return slices.Contains(x.Callers, c.kindName()) })
		for _, name := range x.Without {
			lower := strings.ToLower(name)
			if other := s.dim(lower); other != nil {
				list = append(list, s.all().with(s.index[d.key.lower], one).with(s.index[lower], other.present()).with(dimCaller, who))
			}
		}
	}
	return append(list, s.transport()...)
}

// transport: only a service's own call, and one that a service makes for its caller, leave aws:SecureTransport out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
func (s *space) transport() []box {
	d, via := s.dim(keyTransport), s.dim(keyViaAWS)
	switch {
	case d == nil:
		return nil
	case !d.tellsAbsence(): // it is all one, and a witness is to be the usual request
		return []box{s.all().with(s.index[keyTransport], d.absent())}
	case via == nil:
		return nil
	}
	direct := s.callersWhere(func(c *caller) bool { return c.kind != callerService })
	return []box{s.all().with(s.index[keyTransport], d.absent()).with(s.index[keyViaAWS], via.having("false")).with(dimCaller, direct)}
}

// agreements are keys that say the same thing twice: they agree.
func (s *space) agreements() []box {
	var list []box
	if all := s.dim(keyEncryptionKeys); all != nil {
		for _, d := range s.dims {
			name, ok := strings.CutPrefix(d.key.lower, encryptionPrefix)
			if !ok {
				continue
			}
			holds := all.where(func(a class) bool {
				return slices.ContainsFunc(a.values, func(v string) bool { return strings.EqualFold(v, name) })
			})
			lacks := holds.complement(len(all.classes))
			list = append(list,
				s.all().with(s.index[d.key.lower], d.present()).with(s.index[keyEncryptionKeys], lacks),
				s.all().with(s.index[d.key.lower], d.absent()).with(s.index[keyEncryptionKeys], holds))
		}
	}
	if d := s.dim(keyUserID); d != nil {
		for i, a := range d.classes[1:] {
			s.meter.take(stepBox * len(s.callers))
			one := newBits(len(d.classes))
			one.add(i + 1)
			others := s.callersWhere(func(c *caller) bool { return !userIDFits(c, a.values[0]) })
			list = append(list, s.all().with(s.index[keyUserID], one).with(dimCaller, others))
		}
	}
	for _, c := range couples() {
		id, long := s.dim(c.id), s.dim(c.long)
		if id == nil || long == nil {
			continue
		}
		for i, a := range id.classes {
			if a.tag == "" {
				continue
			}
			one := newBits(len(id.classes))
			one.add(i)
			other := long.where(func(b class) bool { return b.tag != "" && b.tag != a.tag })
			list = append(list, s.all().with(s.index[c.id], one).with(s.index[c.long], other))
		}
	}
	return slices.DeleteFunc(list, box.empty)
}

func (b bitset) complement(n int) bitset { return fullBits(n).minus(b, n) }
