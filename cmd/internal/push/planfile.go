package push

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// planVersion is the version of the plan's format.
const planVersion = 2

// PlanFile is a plan as it is written: what is to be applied, byte for byte, and what it rests on. A run keeps one too.
type PlanFile struct {
	Version int      `json:"keypolicy_plan"`
	Digest  string   `json:"digest"` // of all the rest: against accidents, as there is no key in it
	Audit   Audit    `json:"audit"`
	Expires string   `json:"expires,omitempty"` // RFC 3339; "" is never
	Flags   Flags    `json:"flags"`
	Inputs  []Input  `json:"inputs,omitempty"` // beside the specs
	Keys    []Pinned `json:"keys"`
}

// Flags are the flags that choose keys, as they were given to the plan.
type Flags struct {
	Account   string `json:"account,omitempty"`
	Partition string `json:"partition,omitempty"`
	Region    string `json:"region,omitempty"`
	Key       string `json:"key,omitempty"`

	AllowLosingOwnAccess bool `json:"allow_losing_own_access,omitempty"`
	AllowUnknown         bool `json:"allow_unknown_difference,omitempty"`
	MaxFailures          int  `json:"max_failures,omitempty"`
}

// Pinned is one key of a plan.
type Pinned struct {
	File         string `json:"file"`
	Document     int    `json:"document"`
	SpecDigest   string `json:"spec_digest"`
	Key          string `json:"key"`
	SpecKey      string `json:"spec_key,omitempty"` // as the spec has it
	Account      string `json:"account"`
	Region       string `json:"region"`
	State        State  `json:"state"`
	Reason       string `json:"reason"`
	Live         string `json:"live"` // the live policy, byte for byte
	LiveDigest   string `json:"live_digest"`
	PolicyDigest string `json:"policy_digest"`
	Policy       string `json:"policy"`

	Diff     *pinnedDifference `json:"diff"`
	Findings []pinnedFinding   `json:"findings"`
}

// Pin makes a plan of items.
func Pin(items []*Item, flags Flags, inputs []Input, audit Audit) *PlanFile {
	f := &PlanFile{Version: planVersion, Audit: audit, Flags: flags, Inputs: inputs, Keys: []Pinned{}}
	for _, it := range items {
		pin := Pinned{
			File: it.File, Document: it.Document, SpecDigest: it.Digest, Key: it.Name(), SpecKey: it.Key.ID, Account: it.Account, Region: it.Region,
			State: it.State, Reason: it.Reason, Live: it.Live, LiveDigest: it.LiveDigest,
			Diff: pinDifference(it.Diff), Findings: pinFindings(it.Findings),
		}
		if it.Policy != nil {
			pin.Policy, pin.PolicyDigest = string(it.Policy), Digest(it.Policy)
		}
		f.Keys = append(f.Keys, pin)
	}
	return f
}

// Expire sets when the plan expires.
func (f *PlanFile) Expire(at time.Time) { f.Expires = at.UTC().Format(time.RFC3339) }

// Expired says since when the plan is not to be applied any more; "" where it may be.
func (f *PlanFile) Expired(now time.Time) string {
	at, err := time.Parse(time.RFC3339, f.Expires)
	if f.Expires == "" || err == nil && now.Before(at) {
		return ""
	}
	return f.Expires
}

// JSON writes the plan, with its digest.
func (f *PlanFile) JSON() ([]byte, error) {
	digest, err := f.digest()
	if err != nil {
		return nil, err
	}
	whole := *f
	whole.Digest = digest
	return whole.text()
}

// digest is that of the plan's text without it.
func (f *PlanFile) digest() (string, error) {
	rest := *f
	rest.Digest = ""
	text, err := rest.text()
	return Digest(text), err
}

func (f *PlanFile) text() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(f)
	return out.Bytes(), err
}

// IsPlan reports whether a file's text is a plan, whole or not.
func IsPlan(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) && bytes.Contains(text[:min(len(text), 200)], []byte(`"keypolicy_plan"`))
}

// ParsePlan reads a plan and holds it to its own digests.
func ParsePlan(text []byte) (*PlanFile, error) {
	var version struct {
		Version int `json:"keypolicy_plan"`
	}
	if json.NewDecoder(bytes.NewReader(text)).Decode(&version) == nil && version.Version != planVersion {
		return nil, &versionError{version.Version}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	f := &PlanFile{}
	if err := d.Decode(f); err != nil {
		return nil, errors.New("it is not a whole plan: make it again with `keypolicy plan -o`")
	}
	if d.More() {
		return nil, errors.New("something follows the plan: make it again with `keypolicy plan -o`")
	}
	if digest, err := f.digest(); err != nil || digest != f.Digest {
		return nil, errors.New("it is not as it was written, by its digest: make it again with `keypolicy plan -o`")
	}
	for _, k := range f.Keys {
		if k.Policy != "" && Digest([]byte(k.Policy)) != k.PolicyDigest {
			return nil, fmt.Errorf("the policy of `%s` is not the one that was planned: make the plan again with `keypolicy plan -o`", k.File)
		}
		if k.Live != "" && Digest([]byte(k.Live)) != k.LiveDigest {
			return nil, fmt.Errorf("the live policy of `%s` is not the one that was read: make the plan again with `keypolicy plan -o`", k.File)
		}
	}
	return f, nil
}

// versionError is a plan or a run of another version.
type versionError struct{ version int }

func (e *versionError) Error() string {
	return fmt.Sprintf("it is a plan of version %d, and this keypolicy writes version %d: make it again with `keypolicy plan -o`", e.version, planVersion)
}

type pinKey struct {
	file     string
	document int
	region   string
}

// Hold refuses what is no longer as it was when the plan was made: the spec, what it compiles to, or the live policy.
func (f *PlanFile) Hold(items []*Item) []*Item {
	pins := map[pinKey]*Pinned{}
	for i := range f.Keys {
		k := &f.Keys[i]
		pins[pinKey{k.File, k.Document, k.Region}] = k
	}
	for _, it := range items {
		at := pinKey{it.File, it.Document, it.Region}
		if pins[at] == nil { // the Region was not known then, or is not now
			at = f.regionless(at)
		}
		pin := pins[at]
		delete(pins, at)
		if it.State == Change || it.State == Unchanged {
			if why := pin.differs(it); why != "" {
				it.end(Refused, why)
			}
		}
	}
	for i := range f.Keys {
		k := &f.Keys[i]
		if _, left := pins[pinKey{k.File, k.Document, k.Region}]; left {
			it := &Item{Target: Target{File: k.File, Document: k.Document}, ARN: k.Key, Account: k.Account, Region: k.Region}
			it.end(Refused, "the plan has this key, and its spec is not there any more: make the plan again")
			items = append(items, it)
		}
	}
	return items
}

// regionless finds the key of a document where one side does not know the Region.
func (f *PlanFile) regionless(at pinKey) pinKey {
	for _, k := range f.Keys {
		if k.File == at.file && k.Document == at.document && (k.Region == "" || at.region == "") {
			at.region = k.Region
			break
		}
	}
	return at
}

func (p *Pinned) differs(it *Item) string {
	const again = ": make the plan again"
	switch {
	case p == nil:
		return "the plan does not have this key" + again
	case p.SpecDigest != it.Digest:
		return "the spec has changed since the plan was made" + again
	case p.PolicyDigest != Digest(it.Policy):
		return "the spec compiles to another policy than when the plan was made, by a template, the configuration or a flag" + again
	case p.Key != it.ARN:
		return fmt.Sprintf("the plan was made for the key %s, and the spec's key is now another", p.Key) + again
	case p.State != Change && p.State != Unchanged:
		return fmt.Sprintf("the key was %s when the plan was made", p.State) + again
	case it.State == Change && !equal(p.Live, it.Live, it.env.Partition):
		return "the live policy is not the one that the plan was made from" + again
	}
	return ""
}
