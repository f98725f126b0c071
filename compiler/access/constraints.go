package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// constraints are the requests that KMS never sends, as boxes: keys that an action or a caller does not have, that it
// always has, and that exclude each other.
func (s *space) constraints() []boxes.Box {
	var list []boxes.Box
	for i, d := range s.dims {
		list = append(list, s.presence(dimKeys+i, d)...)
	}
	list = append(list, s.exclusions()...)
	return slices.DeleteFunc(append(list, s.agreements()...), boxes.Box.Empty)
}

func (s *space) all() boxes.Box { return make(boxes.Box, dimKeys+len(s.dims)) }

func (s *space) actionsWhere(fits func(a action) bool) boxes.Set {
	b := boxes.NewSet(len(s.actions))
	for i, a := range s.actions {
		if fits(a) {
			b.Add(i)
		}
	}
	return b
}

// knownActions are the actions that there are.
func (s *space) knownActions() boxes.Set {
	return s.actionsWhere(func(a action) bool { return !a.future })
}

func (s *space) callersWhere(fits func(c *caller) bool) boxes.Set {
	b := boxes.NewSet(len(s.callers))
	for i := range s.callers {
		if fits(&s.callers[i]) {
			b.Add(i)
		}
	}
	return b
}

// Three boxes a key, each from a fact with a page: operations that do not send it, callers that never have it, and
// callers that always have it. An action that AWS may add is in none of the "always": which keys it will send is
// not known.
func (s *space) presence(dim int, d *dimension) []boxes.Box {
	if !d.key.known {
		return nil
	}
	off := s.actionsWhere(func(a action) bool { return !d.key.on(a) })
	foreign := s.callersWhere(func(c *caller) bool { return d.key.sent(c.kind) == facts.SentNever })
	must := s.callersWhere(func(c *caller) bool { return d.key.sent(c.kind) != facts.SentNever && d.key.alwaysFor(c.kind) })
	on := s.actionsWhere(func(a action) bool { return d.key.on(a) && !a.future })
	var list []boxes.Box
	if !off.Empty() {
		list = append(list, s.all().With(dim, d.present()).With(dimAction, off))
	}
	if !foreign.Empty() {
		list = append(list, s.all().With(dim, d.present()).With(dimCaller, foreign))
	}
	if !must.Empty() && !on.Empty() {
		list = append(list, s.all().With(dim, d.absent()).With(dimCaller, must).With(dimAction, on))
	}
	return list
}

// doubtful are the requests of which AWS's pages contradict each other whether they are sent. They count as possible, and
// a statement that matches nothing else is reported as such.
// Counting them as possible is the safe side for "who gets in". For "never matches" it would hide a statement that
// most likely is dead, so that question asks again without them and reports what then holds as open.
func (s *space) doubtful() []boxes.Box {
	var list []boxes.Box
	for i, d := range s.dims {
		who := s.callersWhere(func(c *caller) bool { return d.key.known && d.key.sent(c.kind) == facts.SentNotKnown })
		if !who.Empty() {
			list = append(list, s.all().With(dimKeys+i, d.present()).With(dimCaller, who))
		}
	}
	if via := s.dim(keyViaAWS); via != nil {
		services := s.callersWhere(func(c *caller) bool { return c.kind == callerService })
		list = append(list, s.all().With(s.index[keyViaAWS], via.having("true")).With(dimCaller, services))
	}
	return slices.DeleteFunc(list, boxes.Box.Empty)
}

// redacted are the requests of IAM principals without aws:SecureTransport: AWS's page has the key in every request, and
// says that some of the context of calls between services is left out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
func (s *space) redacted() []boxes.Box {
	d := s.dim(keyTransport)
	if d == nil {
		return nil
	}
	principals := s.callersWhere(func(c *caller) bool { return c.kind != callerService })
	return []boxes.Box{s.all().With(s.index[keyTransport], d.absent()).With(dimCaller, principals)}
}

// distinguishesAbsence reports whether a condition distinguishes a request without the key from one with its first value.
func (d *dimension) distinguishesAbsence() bool {
	return len(d.classes) > 1 && d.outcomes(nil) != d.outcomes(d.classes[1].values)
}

// having are the classes of a value.
func (d *dimension) having(value string) boxes.Set {
	return d.where(func(a class) bool { return slices.Contains(a.values, value) })
}

// exclusions are keys that are not in one request together.
func (s *space) exclusions() []boxes.Box {
	var list []boxes.Box
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
				list = append(list, s.all().With(s.index[d.key.lower], one).With(s.index[lower], other.present()).With(dimCaller, who))
			}
		}
	}
	return append(list, s.transport()...)
}

// transport: only a service's own call, and one that a service makes for its caller, leave aws:SecureTransport out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
// `Deny` with `Bool aws:SecureTransport false` matches no request that lacks the key, and `BoolIfExists` matches
// it. The difference is real for calls of services, and for nobody else; without this box a Deny of plain HTTP
// would seem to leave people a way in.
func (s *space) transport() []boxes.Box {
	d, via := s.dim(keyTransport), s.dim(keyViaAWS)
	switch {
	case d == nil:
		return nil
	case !d.distinguishesAbsence(): // it is all one, and a witness is to be the usual request
		return []boxes.Box{s.all().With(s.index[keyTransport], d.absent())}
	case via == nil:
		return nil
	}
	direct := s.callersWhere(func(c *caller) bool { return c.kind != callerService })
	return []boxes.Box{s.all().With(s.index[keyTransport], d.absent()).With(s.index[keyViaAWS], via.having("false")).With(dimCaller, direct)}
}

// agreements are keys that say the same thing twice: they agree.
// An encryption context is sent as one map, from which KMS makes a key for each pair and one for all names. A
// condition on one and a Deny on the other are about the same thing, and a request cannot have the pair and lack
// the name.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context-keys
func (s *space) agreements() []boxes.Box {
	var list []boxes.Box
	if all := s.dim(keyEncryptionKeys); all != nil {
		for _, d := range s.dims {
			name, ok := strings.CutPrefix(d.key.lower, encryptionPrefix)
			if !ok {
				continue
			}
			has := func(a class) bool {
				return slices.ContainsFunc(a.values, func(v string) bool { return strings.EqualFold(v, name) })
			}
			holds, lacks := all.where(has), all.where(func(a class) bool { return !a.loose && !has(a) })
			list = append(list,
				s.all().With(s.index[d.key.lower], d.present()).With(s.index[keyEncryptionKeys], lacks),
				s.all().With(s.index[d.key.lower], d.absent()).With(s.index[keyEncryptionKeys], holds))
		}
	}
	if d := s.dim(keyUserID); d != nil {
		for i, a := range d.classes[1:] {
			s.meter.Take(boxes.StepBox * len(s.callers))
			one := boxes.NewSet(len(d.classes))
			one.Add(i + 1)
			id := parseUserID(a.values[0])
			others := s.callersWhere(func(c *caller) bool { return !id.fits(c) })
			list = append(list, s.all().With(s.index[keyUserID], one).With(dimCaller, others))
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
			one := boxes.NewSet(len(id.classes))
			one.Add(i)
			other := long.where(func(b class) bool { return b.tag != "" && b.tag != a.tag })
			list = append(list, s.all().With(s.index[c.id], one).With(s.index[c.long], other))
		}
	}
	return slices.DeleteFunc(list, boxes.Box.Empty)
}
