package access

import (
	"slices"
)

// callerCheck is KMS's lockout safety check for one caller: whether the policy lets whoever puts it put the next one. A service that
// calls by itself never puts a policy. Where the caller can be several, as a role whose path is not known, they have to agree.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
// KMS runs this check at PutKeyPolicy and refuses with MalformedPolicyDocumentException, unless it is bypassed. It
// is about the one who puts the policy, so a policy can pass it and still leave a team without access, and the
// other way round.
func (s *space) callerCheck(r *compiledPolicy, who string) CallerCheck {
	callers, err := r.m.parseCaller(who)
	if err != nil {
		s.note(openReason("The caller for the lockout safety check is not valid: " + err.Error()))
		return CallerUnknown
	}
	var out CallerCheck
	for i := range callers {
		if callers[i].kind == callerService {
			return CallerFail
		}
		check := s.checkOne(r, &callers[i])
		if i > 0 && check != out {
			s.noteKind(ReasonNotYetKnown, "Which path the role of "+who+" has is not known.")
			return CallerUnknown
		}
		out = check
	}
	return out
}

// checkOne asks from the weakest to the strongest: whether one request is allowed at all, whether one is refused in some context, and
// whether one is left to identity policies. Which context KMS assumes is not documented, so a condition is reported as one.
func (s *space) checkOne(r *compiledPolicy, c *caller) CallerCheck {
	at := slices.Index(s.callers, *c)
	if at < 0 {
		return CallerUnknown
	}
	put := s.actionsWhere(func(a action) bool { return a.name == putKeyPolicy })
	where := s.ahead().With(dimAction, put).With(dimCaller, s.single(dimCaller, at))
	switch answer, _ := s.documented(s.allowed(r, where)); answer {
	case Unknown:
		return CallerUnknown
	case No:
		return CallerFail
	case Yes:
	}
	switch answer, _ := s.refused(r, where, delegated).ask(); answer {
	case Unknown:
		return CallerUnknown
	case Yes:
		return CallerConditional
	case No:
	}
	switch answer, _ := s.refused(r, where, direct).ask(); answer {
	case Unknown:
		return CallerUnknown
	case Yes:
		return CallerPassIfIAM
	case No:
	}
	return CallerPass
}
