package kmstest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// scope is the credential's scope of a signature: the access key, the date and the Region.
var scope = regexp.MustCompile(`Credential=([^/]+)/[0-9]{8}/([^/]+)/`)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	found := scope.FindStringSubmatch(r.Header.Get("Authorization"))
	if found == nil {
		http.Error(w, "no signature", http.StatusForbidden)
		return
	}
	s.mu.Lock()
	caller, known := s.Callers[found[1]]
	s.mu.Unlock()
	known = known && !slices.Contains(s.Disabled, found[2])
	if operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "TrentService."); ok {
		in := map[string]any{}
		_ = json.Unmarshal(body, &in)
		if a, ok := s.answer(operation, found[2], in); ok {
			a.write(w)
			return
		}
		out, fault := map[string]any(nil), refused{}
		if !known {
			fault = refused{http.StatusBadRequest, "UnrecognizedClientException", "The security token included in the request is invalid."}
		} else {
			out, fault = s.kms(operation, found[2], r.UserAgent(), caller, in)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if fault.code != "" {
			w.WriteHeader(fault.status)
			out = map[string]any{"__type": fault.code, "message": fault.message}
		}
		_ = json.NewEncoder(w).Encode(out)
		return
	}
	form, _ := url.ParseQuery(string(body))
	if a, ok := s.answer(form.Get("Action"), found[2], nil); ok {
		a.write(w)
		return
	}
	s.sts(w, form, found[2], r.UserAgent(), caller, known)
}

// answer is what is answered in place of what an operation does.
func (s *Server) answer(operation, region string, in map[string]any) (Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, _ := in["KeyId"].(string)
	a, ok := s.Answers[operation]
	if forKey, is := s.Answers[operation+" "+name]; is {
		a, ok = forKey, true
	}
	if ok {
		s.calls = append(s.calls, Call{Operation: operation, Key: name, Region: region})
	}
	return a, ok
}
