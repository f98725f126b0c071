package push

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

func TestALiveKeyIsReadWithWhatASpecSaysOfIt(t *testing.T) {
	b := newBench(t)
	arn := b.server.Add(kmstest.Key{Aliases: []string{"alias/app"}})
	id := arn[strings.LastIndex(arn, "/")+1:]
	for _, name := range []string{arn, id, "alias/app"} {
		live, err := b.cloud.Read(t.Context(), spec.Key{Key: policy.Key{ID: name, Account: kmstest.Account, Region: region}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		k := live.Key
		if k.ID != name || k.Account != kmstest.Account || k.Region != region || k.Kind != "symmetric_encryption" || len(live.Document.Statements) == 0 {
			t.Errorf("%s: %+v", name, k)
		}
	}
	for name, wrong := range map[string]spec.Key{
		"there is no alias":        {Key: policy.Key{ID: "alias/none", Alias: "alias/none", Region: region}},
		"AWS managed key":          {Key: policy.Key{ID: "alias/aws/ebs", Alias: "alias/aws/ebs", Region: region}},
		"no Region is known":       {Key: policy.Key{ID: id}},
		"is not the ARN of a key":  {Key: policy.Key{ID: "arn:aws:s3:::bucket", Region: region}},
		"its Region is said to be": {Key: policy.Key{ID: arn, Account: kmstest.Account, Region: "us-east-1"}},
	} {
		if _, err := b.cloud.Read(t.Context(), wrong); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: %v, and not %s", wrong, err, name)
		}
	}
}

func TestAllKeysOfAnAccountAreRead(t *testing.T) {
	b := newBench(t)
	if all, err := b.cloud.All(t.Context(), []Scope{{Region: region}}, func(int) {}, func() {}); err != nil || all.None() == nil {
		t.Fatalf("%+v %v", all, err)
	}
	named := b.server.Add(kmstest.Key{Aliases: []string{"alias/b", "alias/a"}})
	nameless := b.server.Add(kmstest.Key{})
	leaving := b.server.Add(kmstest.Key{State: "PendingDeletion"})
	b.server.Add(kmstest.Key{Manager: "AWS"})
	total, steps := 0, make(chan bool, 10)
	all, err := b.cloud.All(t.Context(), []Scope{{Region: region}}, func(n int) { total = n }, func() { steps <- true })
	if err != nil || all.None() != nil || total != 4 || len(steps) != 4 {
		t.Fatalf("%+v %v, %d of %d", all, err, len(steps), total)
	}
	if len(all.Keys) != 2 || all.Keys[0].Key.ID != "alias/a" || all.Keys[1].Key.ID != nameless || all.Managed != 1 ||
		len(all.Leaving) != 1 || all.Leaving[0] != leaving || len(all.Failed) != 0 {
		t.Errorf("%+v; the named one is %s", all, named)
	}
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if r.Operation == "GetKeyPolicy" && strings.Contains(r.Key, nameless) {
			return kmstest.ResetBefore
		}
		return kmstest.None
	}
	if all, err = b.cloud.All(t.Context(), []Scope{{Region: region}}, func(int) {}, func() {}); err != nil || len(all.Failed) != 1 || len(all.Keys) != 1 {
		t.Errorf("%+v %v", all, err)
	}
}

func TestKeysHaveNames(t *testing.T) {
	for name, want := range map[string]bool{
		"alias/a": true, "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab": true,
		"1234abcd-12ab-34cd-56ef-1234567890ab": true, "mrk-1234abcd12ab34cd56ef1234567890ab": true,
		"policy.json": false, "1234abcd": false, "": false, "mrk-1234": false,
	} {
		if IsKeyName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
