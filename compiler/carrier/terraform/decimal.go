package terraform

import (
	"math/big"
	"strconv"

	"github.com/zclconf/go-cty/cty"
)

// decimal is a number as Terraform writes it. A small whole number is not written by way of big.Float, which takes a hundred times as
// long: of one that is exact, the shortest text is that of the integer.
func decimal(v cty.Value) string {
	f := v.AsBigFloat()
	if n, accuracy := f.Int64(); accuracy == big.Exact && n != 0 { // zero may be negative
		return strconv.FormatInt(n, 10)
	}
	return f.Text('f', -1)
}
