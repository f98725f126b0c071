package kmstest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

func (s *Server) sts(w http.ResponseWriter, form url.Values, region, agent, caller string, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	operation := form.Get("Action")
	s.calls = append(s.calls, Call{Operation: operation, Key: form.Get("RoleArn"), Region: region, Agent: agent, Form: form})
	w.Header().Set("Content-Type", "text/xml")
	fail := func(status int, code, message string) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, code, message)
	}
	switch arn, _ := policy.ParseARN(caller); {
	case !known:
		fail(http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
	case operation == "GetCallerIdentity":
		_, _ = fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>%s</Arn><UserId>AIDA</UserId><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
			caller, arn.Account)
	case operation == "AssumeRole" && s.denies("sts:AssumeRole"):
		fail(http.StatusForbidden, "AccessDenied", "User is not authorized to perform: sts:AssumeRole")
	case operation == "AssumeRole":
		role := form.Get("RoleArn")
		arn, _ := policy.ParseARN(role)
		id := "ASIA" + arn.Account
		s.Callers[id] = "arn:aws:sts::" + arn.Account + ":assumed-role/" + strings.TrimPrefix(arn.Resource, "role/") + "/" + form.Get("RoleSessionName")
		_, _ = fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
			id, Secret, "TOKEN-OF-"+arn.Account)
	default:
		fail(http.StatusBadRequest, "InvalidAction", operation)
	}
}
