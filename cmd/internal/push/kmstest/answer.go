package kmstest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// Answer is an answer that is given unchanged.
type Answer struct {
	Status int // 0 is 200
	Body   string
	Size   int // of an answer that is padded to this many bytes
}

// Refusal is the answer of an error of KMS.
func Refusal(code, message string) Answer {
	body, _ := json.Marshal(map[string]string{"__type": code, "message": message})
	return Answer{Status: http.StatusBadRequest, Body: string(body)}
}

func (a Answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(max(a.Status, http.StatusOK))
	_, _ = io.WriteString(w, a.Body)
	padding := bytes.Repeat([]byte(" "), 1<<16)
	for n := a.Size - len(a.Body); n > 0; n -= len(padding) {
		if _, err := w.Write(padding); err != nil {
			return
		}
	}
}

// refused is an error of AWS.
type refused struct {
	status        int
	code, message string
}

// AnswerFor sets what is answered to an operation on a key, as requests name it, from now on.
func (s *Server) AnswerFor(operation, key string, a Answer) { s.Answer(operation+" "+key, a) }

// Answer sets what is answered to an operation from now on.
func (s *Server) Answer(operation string, a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Answers == nil {
		s.Answers = map[string]Answer{}
	}
	s.Answers[operation] = a
}
