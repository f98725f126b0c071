package access

import (
	"slices"
	"strings"
)

// constraints are the requests that KMS never sends, as boxes: keys that an action or a caller does not have, that it
// always has, and that exclude one another.
func (s *system) constraints() []box {
	var list []box
	for i, d := range s.dims {
		list = append(list, s.presence(dimKeys+i, d)...)
	}
	list = append(list, s.exclusions()...)
	return append(list, s.agreements()...)
}

func (s *system) all() box { return make(box, dimKeys+len(s.dims)) }

func (s *system) actionsWhere(fits func(a action) bool) bitset {
	b := newBits(len(s.actions))
	for i, a := range s.actions {
		if fits(a) {
			b.add(i)
		}
	}
	return b
}

// today are the actions that there are.
func (s *system) today() bitset { return s.actionsWhere(func(a action) bool { return !a.future }) }

func (s *system) callersWhere(fits func(c *caller) bool) bitset {
	b := newBits(len(s.callers))
	for i := range s.callers {
		if fits(&s.callers[i]) {
			b.add(i)
		}
	}
	return b
}

func (s *system) presence(dim int, d *dimension) []box {
	if !d.key.known {
		return nil
	}
	kinds := d.key.callerKinds()
	off := s.actionsWhere(func(a action) bool { return !d.key.on(a) })
	foreign := s.callersWhere(func(c *caller) bool { return !slices.Contains(kinds, c.kind) })
	must := s.callersWhere(func(c *caller) bool { return slices.Contains(kinds, c.kind) && d.key.alwaysFor(c.kind) })
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

// exclusions are keys that are not in one request together.
func (s *system) exclusions() []box {
	var list []box
	pair := func(a string, as bitset, b string, bs bitset) {
		list = append(list, s.all().with(s.index[a], as).with(s.index[b], bs))
	}
	ip, via := s.dim("aws:sourceip"), s.dim("aws:viaawsservice")
	for _, d := range s.dims {
		lower := d.key.lower
		if ip != nil && isEndpointKey(lower) {
			pair("aws:sourceip", ip.present(), lower, d.present())
		}
		if via != nil && (lower == "kms:viaservice" || strings.HasPrefix(lower, "aws:calledvia") && lower != "aws:calledviaawsmcp") {
			direct := via.where(func(a atom) bool { return a.values != nil && a.values[0] == "false" })
			pair("aws:viaawsservice", direct, lower, d.present())
		}
		if via != nil && lower == "aws:viaawsservice" {
			services := s.callersWhere(func(c *caller) bool { return c.kind == callerService })
			viaTrue := via.where(func(a atom) bool { return a.values != nil && a.values[0] == "true" })
			if !services.empty() {
				list = append(list, s.all().with(dimCaller, services).with(s.index[lower], viaTrue))
			}
		}
	}
	return list
}

// agreements are keys that say the same thing twice: they agree.
func (s *system) agreements() []box {
	var list []box
	if all := s.dim(keyEncryptionKeys); all != nil {
		for _, d := range s.dims {
			name, ok := strings.CutPrefix(d.key.lower, encryptionPrefix)
			if !ok {
				continue
			}
			holds := all.where(func(a atom) bool {
				return slices.ContainsFunc(a.values, func(v string) bool { return strings.EqualFold(v, name) })
			})
			lacks := holds.complement(len(all.atoms))
			list = append(list,
				s.all().with(s.index[d.key.lower], d.present()).with(s.index[keyEncryptionKeys], lacks),
				s.all().with(s.index[d.key.lower], d.absent()).with(s.index[keyEncryptionKeys], holds))
		}
	}
	if d := s.dim(keyUserID); d != nil {
		for i, a := range d.atoms[1:] {
			one := newBits(len(d.atoms))
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
		for i, a := range id.atoms {
			if a.tag == "" {
				continue
			}
			one := newBits(len(id.atoms))
			one.add(i)
			other := long.where(func(b atom) bool { return b.tag != "" && b.tag != a.tag })
			list = append(list, s.all().with(s.index[c.id], one).with(s.index[c.long], other))
		}
	}
	return slices.DeleteFunc(list, box.empty)
}

func (b bitset) complement(n int) bitset { return fullBits(n).minus(b, n) }
