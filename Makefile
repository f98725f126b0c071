# Names for commands that CONTRIBUTING.md explains; each can be run without make.
.PHONY: build test check golden
build:
	go build ./cmd/keypolicy
test:
	go test ./...
check:
	.ci/run
# Writes what tests compare with, in the order in which one depends on another. Read the diff: every changed expectation must be right.
golden:
	go test ./rules -run 'TestIndex|TestFieldNames' -update
	go test ./rules -run TestHelpersAreDocumented -update-helpers
	UPDATE_EXAMPLES=1 UPDATE_SCRIPTS=1 go test ./cmd/internal/cli -run 'TestBuiltinExamples|TestScripts'
	go test ./cmd/keypolicy -run 'TestReference|TestPages' -update
