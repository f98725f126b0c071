// Package mutant reads the list of mutants and makes the code that has them. The tests of compiler/access import it to see
// that the list fits the code.
package mutant

import (
	"fmt"
	"os"
	"strings"
)

// Mutant is one edit of a file.
type Mutant struct {
	Name, File, From, To string
	Survives             string // why no test can kill it, "" where one must
}

// Load reads the list: paragraphs of a name, a file, lines with - and lines with +, and a reason to survive where there
// is one.
func Load(path string) ([]Mutant, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list []Mutant
	for _, paragraph := range strings.Split(string(data), "\n\n") {
		var m Mutant
		var from, to []string
		for _, line := range strings.Split(strings.Trim(paragraph, "\n"), "\n") {
			switch {
			case strings.HasPrefix(line, "#") || line == "":
			case strings.HasPrefix(line, "-"):
				from = append(from, line[1:])
			case strings.HasPrefix(line, "+"):
				to = append(to, line[1:])
			case strings.HasPrefix(line, "survives: "):
				m.Survives = strings.TrimPrefix(line, "survives: ")
			case m.Name == "":
				m.Name = line
			default:
				m.File = line
			}
		}
		if m.Name == "" {
			continue
		}
		m.From, m.To = strings.Join(from, "\n"), strings.Join(to, "\n")
		if m.File == "" || m.From == "" {
			return nil, fmt.Errorf("%s: no file or nothing to change", m.Name)
		}
		list = append(list, m)
	}
	return list, nil
}
