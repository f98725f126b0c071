// Package kmstest has what tests put in KMS's place: moto's server, a server of ours for what moto does not check, and a
// proxy that makes faults. Only tests import it.
package kmstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Account is the account that moto and our server answer for.
const Account = "123456789012"

// Moto is a running moto_server.
type Moto struct {
	URL string
	t   testing.TB
}

// StartMoto starts moto_server, or skips the test where it is not on the path.
func StartMoto(t testing.TB) *Moto {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("moto_server is not on the path: `pip install 'moto[server]'` has it")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close()
	command := exec.Command(program, "-H", "127.0.0.1", "-p", strconv.Itoa(port))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	m := &Moto{URL: fmt.Sprintf("http://127.0.0.1:%d", port), t: t}
	deadline := time.Now().Add(time.Minute)
	for {
		if response, err := http.Get(m.URL + "/moto-api/data.json"); err == nil {
			_ = response.Body.Close()
			return m
		}
		if time.Now().After(deadline) {
			t.Fatal("moto_server does not answer")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// KMS asks for an operation of KMS and gives the answer.
func (m *Moto) KMS(region, operation string, in any) map[string]any {
	m.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		m.t.Fatal(err)
	}
	answer := m.post("kms", region, "application/x-amz-json-1.1", "TrentService."+operation, body)
	out := map[string]any{}
	if len(answer) > 0 {
		if err := json.Unmarshal(answer, &out); err != nil {
			m.t.Fatalf("%s: %v: %s", operation, err, answer)
		}
	}
	return out
}

func (m *Moto) post(service, region, kind, target string, body []byte) []byte {
	m.t.Helper()
	request, err := http.NewRequest(http.MethodPost, m.URL, bytes.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		m.t.Fatalf("%s%s: %v %s: %s", service, target, err, response.Status, answer)
	}
	return answer
}

// CreateKey makes a key with an alias ("" is none) and gives its ARN.
func (m *Moto) CreateKey(region, alias string) string {
	m.t.Helper()
	key := m.KMS(region, "CreateKey", map[string]any{"KeyUsage": "ENCRYPT_DECRYPT"})["KeyMetadata"].(map[string]any)
	if alias != "" {
		m.KMS(region, "CreateAlias", map[string]any{"AliasName": alias, "TargetKeyId": key["KeyId"]})
	}
	return key["Arn"].(string)
}

// Policy reads a key's policy.
func (m *Moto) Policy(region, key string) string {
	m.t.Helper()
	return m.KMS(region, "GetKeyPolicy", map[string]any{"KeyId": key, "PolicyName": "default"})["Policy"].(string)
}

// PutPolicy puts a key's policy, as another writer does.
func (m *Moto) PutPolicy(region, key, policy string) {
	m.t.Helper()
	m.KMS(region, "PutKeyPolicy", map[string]any{"KeyId": key, "PolicyName": "default", "Policy": policy})
}

var element = regexp.MustCompile(`<(AccessKeyId|SecretAccessKey)>([^<]+)<`)

// User makes an IAM user and gives an access key of it.
func (m *Moto) User(name string) (id, secret string) {
	m.t.Helper()
	form := func(values url.Values) []byte {
		values.Set("Version", "2010-05-08")
		return m.post("iam", "us-east-1", "application/x-www-form-urlencoded", "", []byte(values.Encode()))
	}
	form(url.Values{"Action": {"CreateUser"}, "UserName": {name}})
	for _, found := range element.FindAllStringSubmatch(string(form(url.Values{"Action": {"CreateAccessKey"}, "UserName": {name}})), -1) {
		if strings.HasPrefix(found[1], "Access") {
			id = found[2]
		} else {
			secret = found[2]
		}
	}
	return id, secret
}

// Environment points AWS's SDK to a server, with credentials that are good for nothing else.
func Environment(t testing.TB, url, id, secret string) {
	t.Helper()
	for name, value := range Variables(t.TempDir(), url, id, secret) {
		t.Setenv(name, value)
	}
}

// Variables are the environment that Environment sets.
func Variables(home, url, id, secret string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": home + "/config", "AWS_SHARED_CREDENTIALS_FILE": home + "/credentials",
		"AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_CA_BUNDLE": "", "NO_PROXY": "127.0.0.1,localhost",
	}
}
