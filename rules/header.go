package rules

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// readHeader reads what the engine needs to run a built-in rule from its METADATA, line by line. Reading
// annotations in full takes longer than parsing the rule, and title, description, remedy and links are
// wanted only where a finding or a page shows them; a test holds that both readings agree.
func readHeader(file string, text []byte) (*rule, error) {
	r := &rule{file: file, path: file, text: text}
	custom := false
	for number, line := range strings.Split(string(text), "\n") {
		comment, isComment := strings.CutPrefix(line, "#")
		switch {
		case strings.HasPrefix(line, "package "):
			if err := r.readPackage(line); err != nil {
				return nil, fmt.Errorf("%s:%d:1: %w", file, number+1, err)
			}
			return r, nil
		case !isComment:
		case strings.TrimRight(comment, " ") == " custom:":
			custom = true
		case custom && strings.HasPrefix(comment, "   ") && !strings.HasPrefix(comment, "    "):
			if err := r.field(strings.TrimSpace(comment)); err != nil {
				return nil, fmt.Errorf("%s:%d:1: %w", file, number+1, err)
			}
		}
	}
	return nil, fmt.Errorf("%s:1:1: the file has no package", file)
}

func (r *rule) field(line string) error {
	name, value, _ := strings.Cut(line, ":")
	value, _, _ = strings.Cut(strings.TrimSpace(value), " #")
	var list []string
	for item := range strings.SplitSeq(strings.Trim(strings.TrimSpace(value), "[]"), ",") {
		list = append(list, strings.TrimSpace(item))
	}
	return r.set(name, list)
}

// set takes one field of METADATA's custom.
func (r *rule) set(name string, values []string) error {
	switch name {
	case "severity":
		severity, ok := diag.ParseSeverity(values[0])
		if !ok {
			return fmt.Errorf("custom.severity is %q: write error, warning or info", values[0])
		}
		r.severity = severity
	case "subject":
		for _, v := range values {
			if !isSubject(v) {
				return fmt.Errorf("custom.subject is %q: write statement, policy, spec, files or suppressions", v)
			}
			r.subjects = append(r.subjects, Subject(v))
		}
	case "needs":
		for _, v := range values {
			if !isNeed(v) {
				return fmt.Errorf("custom.needs has %q: write %s", v, needNames)
			}
			r.needed = append(r.needed, Need(v))
		}
	case "enabled":
		r.optional = values[0] == "false"
	}
	return nil
}

// readPackage reads a package's line, package keypolicy.rules.CATEGORY["NAME"]. A name without a dash may stand as Rego's
// own formatter writes it, after a dot.
func (r *rule) readPackage(line string) error {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "package keypolicy.rules.")
	category, name, named := strings.Cut(rest, `["`)
	name, closed := strings.CutSuffix(name, `"]`)
	if !named {
		category, name, named = strings.Cut(rest, ".")
		closed = named && !strings.ContainsAny(name, `."[] `)
	}
	if !ok || !named || !closed {
		return notAPackage(line)
	}
	return r.finish(category, name)
}

func notAPackage(line string) error {
	return fmt.Errorf(`%q is not package keypolicy.rules.CATEGORY["NAME"]`, line)
}

// finish takes the rule's name and looks whether all is there.
func (r *rule) finish(category, name string) error {
	r.category, r.name = category, name
	switch {
	case path.Base(r.path) != name+".rego":
		return fmt.Errorf("the rule is named %s, so its file is %s.rego", name, name)
	case r.severity == 0:
		return errors.New("METADATA has no custom.severity")
	case r.subjects == nil:
		return errors.New("METADATA has no custom.subject")
	}
	return nil
}
