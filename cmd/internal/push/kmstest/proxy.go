package kmstest

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Fault is what a proxy does to a request.
type Fault int

// The faults.
const (
	None        Fault = iota
	Throttled         // 400 ThrottlingException, not carried out
	Broken            // 500, not carried out
	BrokenAfter       // 500, carried out
	ResetBefore       // the connection is reset, not carried out
	ResetAfter        // the connection is reset, carried out
	SlowBefore        // no answer until the client gives up, not carried out
	SlowAfter         // no answer until the client gives up, carried out
	Late              // no answer until the client gives up, carried out then
	Stale             // a policy is read as it was before the last put
	numberOfFaults
)

// AllFaults are the faults, without None.
func AllFaults() []Fault {
	var list []Fault
	for f := Throttled; f < numberOfFaults; f++ {
		list = append(list, f)
	}
	return list
}

// Request is a request as it passes a proxy.
type Request struct{ Service, Operation, Key, Policy string }

// Proxy is between a client and a server and makes faults.
type Proxy struct {
	URL string
	// Fault chooses what is done to a request; nil does nothing. It is called for one request at a time.
	Fault func(Request) Fault
	// Before and After are called around a request that is carried out; may be nil.
	Before, After func(Request)

	upstream string
	choose   sync.Mutex
	mu       sync.Mutex
	reads    int               // answers to GetKeyPolicy
	seen     map[string][]byte // by key: the last answer to GetKeyPolicy
	passed   []Request
}

// NewProxy starts a proxy before a server.
func NewProxy(t testing.TB, upstream string) *Proxy {
	t.Helper()
	p := &Proxy{upstream: upstream, seen: map[string][]byte{}}
	listener := httptest.NewServer(p)
	t.Cleanup(listener.CloseClientConnections)
	t.Cleanup(listener.Close)
	p.URL = listener.URL
	return p
}

// Passed are the requests that were carried out so far.
func (p *Proxy) Passed() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Request{}, p.passed...)
}

// Count counts the requests of an operation that were carried out so far.
func (p *Proxy) Count(operation string) int {
	n := 0
	for _, r := range p.Passed() {
		if r.Operation == operation {
			n++
		}
	}
	return n
}

// ServeHTTP passes one request on.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	request := read(r, body)
	fault := None
	if p.Fault != nil {
		p.choose.Lock()
		fault = p.Fault(request)
		p.choose.Unlock()
	}
	switch fault {
	case Throttled:
		answer(w, http.StatusBadRequest, `{"__type":"ThrottlingException","message":"Rate exceeded"}`)
	case Broken:
		answer(w, http.StatusInternalServerError, `{"__type":"KMSInternalException","message":"internal"}`)
	case BrokenAfter:
		p.pass(r, body, request)
		answer(w, http.StatusInternalServerError, `{"__type":"KMSInternalException","message":"internal"}`)
	case ResetBefore:
		reset(w)
	case ResetAfter:
		p.pass(r, body, request)
		reset(w)
	case SlowBefore:
		<-r.Context().Done()
	case SlowAfter:
		p.pass(r, body, request)
		<-r.Context().Done()
	case Late:
		<-r.Context().Done()
		p.pass(r, body, request)
	case Stale:
		if old := p.old(request); old != nil {
			answer(w, http.StatusOK, string(p.reordered(old)))
			return
		}
		p.deliver(w, r, body, request)
	case None, numberOfFaults:
		p.deliver(w, r, body, request)
	}
}

func read(r *http.Request, body []byte) Request {
	operation, isKMS := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "TrentService.")
	if !isKMS {
		return Request{Service: "sts"}
	}
	var in struct{ KeyId, Policy string } // AWS's spelling
	_ = json.Unmarshal(body, &in)
	return Request{Service: "kms", Operation: operation, Key: in.KeyId, Policy: in.Policy}
}

func (p *Proxy) deliver(w http.ResponseWriter, r *http.Request, body []byte, request Request) {
	status, header, text := p.pass(r, body, request)
	if request.Operation == "GetKeyPolicy" && status == http.StatusOK {
		text = p.reordered(text)
	}
	for name := range header {
		w.Header().Set(name, header.Get(name))
	}
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// pass carries a request out.
func (p *Proxy) pass(r *http.Request, body []byte, request Request) (int, http.Header, []byte) {
	if p.Before != nil {
		p.Before(request)
	}
	out, err := http.NewRequest(r.Method, p.upstream+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return http.StatusBadGateway, nil, nil
	}
	out.Header = r.Header.Clone()
	response, err := http.DefaultClient.Do(out)
	if err != nil {
		return http.StatusBadGateway, nil, nil
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	p.mu.Lock()
	p.passed = append(p.passed, request)
	if request.Operation == "GetKeyPolicy" && response.StatusCode == http.StatusOK {
		p.seen[request.Key] = text
	}
	p.mu.Unlock()
	if p.After != nil {
		p.After(request)
	}
	header := response.Header.Clone()
	header.Del("Content-Length")
	header.Del("Connection")
	return response.StatusCode, header, text
}

// old is what a read of a key's policy gave last, before what is there now was seen.
func (p *Proxy) old(request Request) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if request.Operation != "GetKeyPolicy" {
		return nil
	}
	return p.seen[request.Key]
}

// reordered gives an answer to GetKeyPolicy with the principals in another order than the one before.
func (p *Proxy) reordered(text []byte) []byte {
	var out map[string]any
	if json.Unmarshal(text, &out) != nil {
		return text
	}
	p.mu.Lock()
	p.reads++
	n := p.reads
	p.mu.Unlock()
	policy, _ := out["Policy"].(string)
	out["Policy"] = reordered(policy, n)
	text, _ = json.Marshal(out)
	return text
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// reset ends the connection without an answer.
func reset(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	connection, _, err := hijacker.Hijack()
	if err != nil {
		return
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
