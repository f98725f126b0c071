# METADATA
# title: Date condition has passed
# description: >-
#   A statement that applies only until a date has no effect after it. An Allow no longer allows anything, and a
#   Deny no longer protects. The date is compared with the day of the run.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Remove the statement, or write a new date.
package keypolicy.rules.conditions["expired-date-condition"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	input.today != ""
	some condition in input.statement.conditions
	lower(condition.key.text) in {"aws:currenttime", "aws:epochtime"}
	condition.operator.base in {"DateLessThan", "DateLessThanEquals", "DateEquals", "NumericLessThan", "NumericLessThanEquals", "NumericEquals"}
	count(condition.values) == 1 # several are alternatives
	some value in condition.values
	value.day != ""
	value.day < input.today
	message := sprintf("`%s` has passed, so statement %s %s nothing any more", [value.text, lib.name(input.statement), lib.does(input.statement)])
}
