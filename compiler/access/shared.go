package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// What two policies say alike they say alike whatever is not known of it, so a difference is in a part that the other
// does not have.

// sameDocument says that two documents are read alike: they are the same but for order and the like or, where a part could not be
// read, node by node.
func sameDocument(a, b *policy.Document, partition string) bool {
	one, other := a.Canonical(partition), b.Canonical(partition)
	if one != nil && other != nil {
		return slices.Equal(one, other)
	}
	return a.Root != nil && b.Root != nil && policy.Identity(a.Root) == policy.Identity(b.Root)
}

// sameKey says that as much is known of the two policies' key, and the same.
func sameKey(a, b Env) bool {
	regions := func(e Env) bool { return e.MultiRegion != nil && *e.MultiRegion }
	known := func(e Env) bool { return e.MultiRegion != nil }
	return knownOwner(a) == knownOwner(b) && a.Partition == b.Partition && a.Region == b.Region && a.KeyARN == b.KeyARN && a.KeyID == b.KeyID &&
		a.KeySpec == b.KeySpec && a.KeyUsage == b.KeyUsage && a.Origin == b.Origin && known(a) == known(b) && regions(a) == regions(b)
}

// maxParts bounds the parts that one statement is taken apart into.
const maxParts = 10_000

// parts writes a statement as one text for each principal, action and resource that it names: it is about a request where
// one of them is.
// A statement with lists is the union of its single combinations, so two policies that were split or merged
// differently have the same parts. The parts that only one of them has bound where a difference can be, which is
// most of what makes a diff fast.
func (st *statement) parts(m *model) []string {
	src := st.src
	if m.further && st.index == m.written() {
		return []string{"more statements by " + m.doc.More.ID()}
	}
	if len(st.unreadable) > 0 {
		return []string{policy.Identity(src.Node)}
	}
	n := src.Canonical(m.partition)
	lists := [][]string{{map[bool]string{true: "with variables", false: "without"}[m.doc.Version.Value == policy.Current]}}
	for _, member := range n.Members {
		var list []string
		switch member.Key.Text {
		case "Principal":
			for _, element := range member.Value.Members {
				for _, item := range element.Value.Items {
					list = append(list, element.Key.Text+" "+policy.Compact(item))
				}
			}
		case "Action", "Resource":
			for _, item := range member.Value.Items {
				list = append(list, policy.Compact(item))
			}
		default:
			list = []string{policy.Compact(member.Value)}
		}
		if len(list) == 0 {
			list = []string{""}
		}
		for i := range list {
			list[i] = member.Key.Text + " " + list[i]
		}
		lists = append(lists, list)
	}
	all := []string{""}
	for _, list := range lists {
		if len(all)*len(list) > maxParts {
			return []string{lists[0][0] + policy.Compact(n)}
		}
		var next []string
		for _, head := range all {
			for _, text := range list {
				next = append(next, head+"\n"+text)
			}
		}
		all = next
	}
	return all
}

// parts are the parts of all statements.
func (m *model) parts() map[string]bool {
	all := map[string]bool{}
	for i := range m.statements {
		for _, p := range m.statements[i].parts(m) {
			all[p] = true
		}
	}
	return all
}

// maxApart bounds the boxes that differences are looked for in one by one.
const maxApart = 48

// apart are boxes that every request is in that a statement of one policy may be about with a part that the other does
// not have.
// It holds only if the same text means the same on both sides, hence the same key. Above some boxes, looking in
// each costs more than it saves.
func (d *differ) apart(sameKey bool) []boxes.Box {
	everything := []boxes.Box{d.s.all()}
	if !sameKey || len(d.new.m.unreadable)+len(d.old.m.unreadable) > 0 {
		return everything
	}
	var list []boxes.Box
	for _, side := range [][2]*compiledPolicy{{d.new, d.old}, {d.old, d.new}} {
		mine, others := side[0], side[1].m.parts()
		for i := range mine.m.statements {
			missing := func(p string) bool { return !others[p] }
			if slices.ContainsFunc(mine.m.statements[i].parts(mine.m), missing) {
				list = append(append(list, mine.allow[delegated][i][classMay]...), mine.deny[i][classMay]...)
			}
		}
	}
	if len(list) > maxApart {
		return everything
	}
	return d.subtract(list, nil)
}
