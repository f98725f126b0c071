package facts

import "sync"

// Date returns the day, as YYYY-MM-DD, of the newest source that the facts come from.
func Date() string {
	return newestDate()
}

var newestDate = sync.OnceValue(func() string {
	return max(
		actionFile().Date,
		conditionKeyFile().Date,
		operatorFile().Date,
		serviceFile().Date,
		consoleFile().Date,
		putKeyPolicyFile().Date,
	)
})
