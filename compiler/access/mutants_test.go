package access

import (
	"testing"

	"github.com/keypolicy/keypolicy/testdata/mutants/mutant"
)

// TestMutantsFitTheCode keeps the list of mutants in step with the code: one whose code has changed breaks nothing until
// it is changed along.
func TestMutantsFitTheCode(t *testing.T) {
	list, err := mutant.Load("../../testdata/mutants/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatal("the list has no mutants")
	}
	if err := mutant.Check(list, "."); err != nil {
		t.Errorf("testdata/mutants/mutants.txt does not fit the code; change the mutants so that they break the same rules:\n%v", err)
	}
}
