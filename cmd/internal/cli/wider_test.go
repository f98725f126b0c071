package cli

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// TestWiderAllowIsNoLessAnError: a policy that lint refuses for whom it lets in is refused with a wider condition as well.
func TestWiderAllowIsNoLessAnError(t *testing.T) {
	random := rand.New(rand.NewPCG(41, 1))
	files := map[string][]byte{".keypolicy.yaml": []byte("account: \"111122223333\"\nregion: eu-central-1\ntrust: {accounts: [\"444455556666\"]}\n")}
	const rounds = 60
	for i := range rounds {
		files[fmt.Sprintf("%d-narrow.json", i)], files[fmt.Sprintf("%d-wide.json", i)] = widened(random)
	}
	refused := map[string]bool{}
	for _, d := range lintFiles(t, files) {
		if d.Severity == diag.Error && (d.Rule == "wildcard-principal" || strings.HasPrefix(d.Rule, "external-") || strings.Contains(d.Rule, "public") || strings.Contains(d.Rule, "deputy")) {
			refused[d.Place.File] = true
		}
	}
	narrow, wide := 0, 0
	for i := range rounds {
		one, other := fmt.Sprintf("%d-narrow.json", i), fmt.Sprintf("%d-wide.json", i)
		if refused[one] {
			narrow++
		}
		if refused[other] {
			wide++
		}
		if refused[one] && !refused[other] {
			t.Errorf("refused, and not when it is wider:\n%s\n%s", files[one], files[other])
		}
	}
	if narrow < 5 || wide <= narrow {
		t.Errorf("of %d policies %d are refused, and %d when they are wider", rounds, narrow, wide)
	}
}

// widened is a policy, and the same with a condition of its Allow that lets more in.
func widened(random *rand.Rand) (narrow, wide []byte) {
	conditions := map[string][]string{
		"aws:PrincipalOrgID": {"o-a1b2c3d4e5", "o-a1*"}, "kms:ViaService": {"s3.eu-central-1.amazonaws.com", "s3.*"}, "aws:SourceVpce": {"vpce-0a1b2c3d", "vpce-0a*"},
		"kms:CallerAccount": {"111122223333", "444455556666", "777788889999"}, "aws:SourceAccount": {"111122223333", "777788889999"},
		"aws:SourceArn": {"arn:aws:cloudtrail:*:111122223333:trail/*", "arn:aws:cloudtrail:*:*:trail/*"}, "aws:PrincipalArn": {"arn:aws:iam::111122223333:role/a", "arn:aws:iam::*:role/a"},
	}
	principals := []map[string]string{{"AWS": "*"}, {"AWS": "*"}, {"AWS": "arn:aws:iam::777788889999:root"}, {"Service": "cloudtrail.amazonaws.com"}}
	principal := principals[random.IntN(len(principals))]
	keys := []string{"aws:PrincipalOrgID", "kms:ViaService", "aws:SourceVpce", "kms:CallerAccount", "aws:PrincipalArn"}
	if principal["Service"] != "" {
		keys = []string{"aws:SourceAccount", "aws:SourceArn"}
	}
	block := map[string][]string{}
	var last string
	for range 1 + random.IntN(2) {
		last = draw(random, keys...)
		block[last] = []string{draw(random, conditions[last]...)}
	}
	text := func() []byte {
		st := map[string]any{"Sid": "In", "Effect": "Allow", "Principal": principal, "Action": "kms:Decrypt", "Resource": "*"}
		if len(block) > 0 {
			st["Condition"] = map[string]any{"StringLike": block}
		}
		statement, err := json.Marshal(st)
		if err != nil {
			panic(err)
		}
		return fmt.Appendf(nil, "{\"Version\": \"2012-10-17\", \"Statement\": [%s,\n%s]}\n", rootStatement, statement)
	}
	narrow = text()
	switch widening := random.IntN(3); {
	case widening == 0 && principal["Service"] == "": // a service without any condition is graded by service, and may be info
		delete(block, last)
	case widening == 1:
		block[last] = append(block[last], "*")
	default:
		block[last] = append(block[last], conditions[last]...)
	}
	return narrow, text()
}
