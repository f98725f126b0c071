# Names for commands that CONTRIBUTING.md explains; each can be run without make.
.PHONY: build test check golden
build:
	go build ./cmd/keypolicy
test:
	go test ./...
check:
	.ci/run
# Writes every file that tests compare with and that a program makes, in the order in which one depends on another; it takes some
# ten minutes. Read the diff: every changed expectation must be right.
golden:
	go test -count=1 ./rules -run 'TestIndex|TestFieldNames' -update
	go test -count=1 ./rules -run TestHelpersAreDocumented -update-helpers
	UPDATE_RIGHTS=1 go test -count=1 ./templates -run TestRightsOfParameters
	UPDATE_EXAMPLES=1 UPDATE_SCRIPTS=1 go test -count=1 -timeout 30m ./cmd/internal/cli -run 'TestBuiltinExamples|TestScripts|TestThePageShowsWhatPlanPrints'
	go test -count=1 -timeout 30m ./cmd/keypolicy -run 'TestReference|TestPages' -update
