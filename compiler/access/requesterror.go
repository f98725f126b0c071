package access

// RequestError says why a request cannot be: it is nothing that KMS would ever receive.
type RequestError struct{ Message string }

// Error gives the sentence.
func (e *RequestError) Error() string { return e.Message }
