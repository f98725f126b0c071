package terraform

import (
	_ "embed"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// kmsModel is what terraform-aws-modules/kms/aws makes of its inputs.
//
//go:embed models/kms.tf
var kmsModel []byte

var kmsModule = regexp.MustCompile(`^(?:registry\.terraform\.io/|registry\.opentofu\.org/)?terraform-aws-modules/kms/aws$|github\.com[/:]terraform-aws-modules/terraform-aws-kms(?:\.git)?(?:\?.*)?$`)

// newestMajor is the major version of the module that counts where a call gives none.
const newestMajor = "4"

var digits = regexp.MustCompile(`[0-9]+`)

// model is the module that represents one that is called and is not there; nil where there is none for it. All in it has the place
// of the call.
func (e *evaluator) model(in *instance, name string) *config {
	b := in.config.calls[name]
	from, _ := literal(b.Body, "source")
	if !kmsModule.MatchString(from) {
		return nil
	}
	c := newConfig(path.Join(in.config.folder, "module "+joinAddress(in.address, name)))
	file := c.folder + "/kms.tf"
	c.read(file, kmsModel)
	c.major = major(b, from)
	e.models[file] = model{c.files[file], e.blockPlace(b)}
	return c
}

// major is the major version that a call asks for: by its version, or by the tag of its source.
func major(b *hclsyntax.Block, from string) string {
	version, _ := literal(b.Body, "version")
	if _, ref, ok := strings.Cut(from, "ref=v"); ok {
		version = ref
	}
	if n := digits.FindString(version); n != "" {
		return n
	}
	return newestMajor
}

func newConfig(folder string) *config {
	return &config{
		folder: folder, files: map[string]*source.File{}, variables: map[string]*hclsyntax.Block{}, locals: map[string]*hclsyntax.Attribute{},
		outputs: map[string]*hclsyntax.Block{}, resources: map[string]*hclsyntax.Block{}, calls: map[string]*hclsyntax.Block{}, providers: map[string]*hclsyntax.Block{},
		embedded: map[string]model{}, names: map[string]hcl.Range{},
	}
}
