package access

import (
	"fmt"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// infixes are patterns with a text of three letters inside, each another one.
func infixes(from, n int) string {
	var list []string
	for i := from; i < from+n; i++ {
		list = append(list, fmt.Sprintf(`"*%c%c%c*"`, 'a'+i%26, 'a'+i/26%26, 'a'+i*7%26))
	}
	return strings.Join(list, ",")
}

func publicUnder(effect, condition string) string {
	return fmt.Sprintf(`{"Effect": %q, "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {%s}}`, effect, condition)
}

// worstPolicies take as much work as a policy of their size can, or more than the budget.
func worstPolicies(t testing.TB) map[string]*policy.Document {
	var infixed, tags, keys, sso, pairs []string
	for i := range 60 {
		effect := []string{"Allow", "Deny"}[i%2]
		infixed = append(infixed, publicUnder(effect, `"StringLike": {"aws:PrincipalArn": [`+infixes(i*20, 20)+`]}`))
	}
	for i := range 200 {
		tags = append(tags, publicUnder("Allow", fmt.Sprintf(`"StringEquals": {"aws:PrincipalTag/a%d": "${aws:PrincipalTag/b%d}"}`, i, i)))
	}
	for i := range 90 {
		keys = append(keys, publicUnder([]string{"Allow", "Deny"}[i%2], fmt.Sprintf(
			`"StringEquals": {"aws:PrincipalTag/a%d": "1", "aws:PrincipalTag/b%d": "1", "aws:PrincipalTag/c%d": "1", "aws:PrincipalTag/d%d": "1"}, "StringLike": {"kms:ViaService": "s%d.*"}`, i, i, i, i, i)))
	}
	pad := func(n int) string {
		return publicUnder("Allow", `"StringLike": {"aws:PrincipalArn": [`+infixes(0, n)+`]}`) + "," +
			publicUnder("Deny", `"StringLike": {"aws:PrincipalArn": [`+infixes(n, n)+`]}`)
	}
	for i := range 300 {
		sso = append(sso, fmt.Sprintf(`"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_T%d_*"`, i))
		pairs = append(pairs, fmt.Sprintf(`"kms:EncryptionContext:k%d": "v%d"`, i, i))
	}
	var services []string
	for i := range 130 {
		services = append(services, fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": "service%d.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`, i))
	}
	var mixed, actions, sources, spared, contexts, variables []string
	for i := range 60 {
		effect := []string{"Allow", "Deny"}[i%2]
		var in []string
		for j, key := range []string{"aws:PrincipalArn", "kms:ViaService", "aws:PrincipalTag/team", "kms:EncryptionContext:app", "aws:userid"} {
			if (i+j)%5 < 3 {
				in = append(in, fmt.Sprintf(`%q: [%s]`, key, infixes(i*30+j*6, 5)))
			}
		}
		mixed = append(mixed, publicUnder(effect, `"StringLike": {`+strings.Join(in, ",")+`}`))
		var names []string
		for j := range 6 {
			names = append(names, fmt.Sprintf(`"kms:*%c*"`, 'a'+(i*7+j*5)%26))
		}
		actions = append(actions, strings.Replace(publicUnder(effect, fmt.Sprintf(`"StringEquals": {"aws:PrincipalTag/t%d": "%c"}`, i%20, 'a'+i%6)), `"kms:Decrypt"`, "["+strings.Join(names, ",")+"]", 1))
		sources = append(sources, fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*",
			"Condition": {"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::*%c%d*", "arn:aws:sns:*:*%d*:%c*"]}, "StringLike": {"aws:SourceAccount": "*%d*"}}}`, 'a'+i%26, i, 10+i, 'a'+i%26, 99-i))
		spared = append(spared, fmt.Sprintf(`{"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/r%d", "arn:aws:sts::111122223333:assumed-role/r%d/s"]},
			"Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/t%d": "*x%d*"}}}`, i, i, i, i))
		contexts = append(contexts, publicUnder("Allow", fmt.Sprintf(
			`"StringEquals": {"kms:EncryptionContext:k%d": "v", "kms:EncryptionContext:l%d": "w"}, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["k%d", "l%d"]}`, i, i, i, i)))
		variables = append(variables, publicUnder(effect, fmt.Sprintf(
			`"StringLike": {"kms:EncryptionContext:c%d": ["x%d-${aws:PrincipalTag/team}-*", "${aws:username}/${aws:userid}"], "aws:ResourceTag/r%d": "${aws:PrincipalTag/p%d}*"}`, i%9, i, i%5, i%11)))
	}
	out := map[string]*policy.Document{}
	for name, text := range map[string]string{
		"infix patterns on five keys": strings.Join(mixed, ","), "action patterns": strings.Join(actions, ","), "sources": strings.Join(sources, ","),
		"NotPrincipal": strings.Join(spared, ","), "contexts": strings.Join(contexts, ","), "variables": strings.Join(variables, ","),
		"services": strings.Join(services, ","), "SSO roles in a Deny": publicUnder("Deny", `"ArnNotLike": {"aws:PrincipalArn": [`+strings.Join(sso, ",")+`]}`),
		"context pairs":  publicUnder("Allow", `"StringEquals": {`+strings.Join(pairs, ",")+`}`),
		"infix patterns": strings.Join(infixed, ","), "tags that are other tags": strings.Join(tags, ","), "five keys": strings.Join(keys, ","),
		"padded by 100": pad(100), "padded by 1000": pad(1000), "formula": hardPolicy(40, 150),
	} {
		out[name] = statements(t, rootStatement+","+text)
	}
	for name, text := range worstShapes() {
		out[name] = statements(t, rootStatement+","+text)
	}
	return out
}

func BenchmarkWorst(b *testing.B) {
	for name, doc := range worstPolicies(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var most atomic.Uint64
			done := make(chan struct{})
			stopped := make(chan struct{})
			go watchHeap(&most, done, stopped)
			for b.Loop() {
				Analyze(doc, testEnv())
			}
			close(done)
			<-stopped
			b.ReportMetric(float64(most.Load())/(1<<20), "peak-MB")
		})
	}
}

// BenchmarkWorstDiff compares each of the policies with itself less its last statement.
func BenchmarkWorstDiff(b *testing.B) {
	for name, doc := range worstPolicies(b) {
		b.Run(name, func(b *testing.B) {
			less := *doc
			less.Statements = less.Statements[:len(less.Statements)-1]
			b.ReportAllocs()
			for b.Loop() {
				Diff(doc, &less, testEnv(), testEnv())
			}
		})
	}
}

// watchHeap takes down the most memory that the heap takes, till done is closed.
func watchHeap(most *atomic.Uint64, done <-chan struct{}, stopped chan<- struct{}) {
	defer close(stopped)
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for tick := time.NewTicker(time.Millisecond); ; {
		metrics.Read(sample)
		most.Store(max(most.Load(), sample[0].Value.Uint64()))
		select {
		case <-done:
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// TestWorstPoliciesStayWithinTheBudget counts what an analysis takes down, in steps: no part takes more than its share.
func TestWorstPoliciesStayWithinTheBudget(t *testing.T) {
	for name, doc := range worstPolicies(t) {
		env := testEnv()
		env.Budget.Steps = 50_000_000
		a := NewAnalysis(doc, env)
		for _, v := range a.assumptions() {
			most := env.Budget.meter(shareBuild, 1)
			if used := most.steps - v.s.meter.steps; used > most.steps+1_000_000 {
				t.Errorf("%s: compiling took %d steps of %d", name, used, most.steps)
			}
		}
		if a.Lockout().Editors == EditorsNone {
			t.Errorf("%s: no principal can change it, though the account can", name)
		}
	}
}
