package rules

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
)

var quoted = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"`)

// TestTriggersLoseNoFindingOfMixedTexts: rules grow, and what they wait for has to grow with them. Examples in which some
// texts are replaced by those of other examples, and of the rules themselves, show what no example has.
func TestTriggersLoseNoFindingOfMixedTexts(t *testing.T) {
	options := Options{Today: "2026-01-31", Trust: &Trust{Accounts: []string{"444455556666"}}}
	waiting, err := Load(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	options.AskAll = true
	asking, err := Load(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	rounds := 150
	if n, err := strconv.Atoi(os.Getenv("KEYPOLICY_ROUNDS")); err == nil {
		rounds = n
	}
	texts := everything(t)
	names, pool := slices.DeleteFunc(sortedNames(texts), func(name string) bool { return !strings.Contains(name, ".txtar/") }), pool(t, texts)
	findings := 0
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		name := names[r.IntN(len(names))]
		text := mix(r, texts[name], pool)
		unit, _ := compiler.Compile(compiler.Input{Name: name, Text: []byte(text), Spec: !strings.HasSuffix(name, ".json")}, compiler.Options{})
		for _, d := range unit.Documents {
			target := Target{Spec: d.Spec, Policies: d.Policies}
			if target.Spec == nil && len(target.Policies) == 0 {
				continue
			}
			got, err := waiting.Evaluate(context.Background(), target)
			if err != nil {
				t.Errorf("seed %d: %v\n%s", seed, err, text)
				continue
			}
			want, err := asking.Evaluate(context.Background(), target)
			if err != nil {
				t.Errorf("seed %d: %v\n%s", seed, err, text)
				continue
			}
			findings += len(want)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("seed %d, %s: with triggers\n%v\nand without\n%v\n%s", seed, name, got, want, text)
			}
		}
	}
	if findings < rounds {
		t.Errorf("%d findings of %d texts: there is too little to lose", findings, rounds)
	}
}

func sortedNames(texts map[string]string) []string {
	var names []string
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pool is all texts in quotes, of the examples and of the rules.
func pool(t *testing.T, texts map[string]string) []string {
	seen := map[string]bool{}
	add := func(text string) {
		for _, q := range quoted.FindAllString(text, -1) {
			seen[q] = true
		}
	}
	for _, text := range texts {
		add(text)
	}
	for _, name := range slices.Concat(globFiles(t, "*/*.rego")) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		add(string(text))
	}
	var list []string
	for q := range seen {
		list = append(list, q)
	}
	slices.Sort(list)
	return list
}

// mix replaces a few texts in quotes, whole or at their beginning.
func mix(r *rand.Rand, text string, pool []string) string {
	places := quoted.FindAllStringIndex(text, -1)
	if len(places) == 0 {
		return text
	}
	var b strings.Builder
	last := 0
	for _, at := range places {
		if r.IntN(len(places)) > 1 {
			continue
		}
		other := pool[r.IntN(len(pool))]
		if r.IntN(4) == 0 {
			other = fmt.Sprintf("%s%s", strings.TrimSuffix(other, `"`), text[at[0]+1:at[1]])
		}
		b.WriteString(text[last:at[0]] + other)
		last = at[1]
	}
	return b.String() + text[last:]
}
