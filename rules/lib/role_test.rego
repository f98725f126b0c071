package keypolicy.lib_test

import data.keypolicy.lib

_sso := "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_*"

_scaling := "arn:aws:iam::111122223333:role/AWSServiceRoleForAutoScaling"

test_reserved_roles_without_their_path if {
	every arn in [_sso, _scaling, "arn:aws:iam::*:role/team/AWSReservedSSO_Admin_*", "arn:aws:iam::111122223333:role/aws-service-role/AWSServiceRoleForAutoScaling"] {
		lib.is_misplaced(arn)
	}
}

test_roles_that_can_be if {
	every arn in [
		"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/*AWSReservedSSO_*", "arn:aws:iam::111122223333:role/*/AWSReservedSSO_*",
		"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_*",
		"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-2/AWSReservedSSO_Admin_*",
		"arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", "*", "arn:aws:iam::111122223333:user/AWSReservedSSO_x",
	] {
		not lib.is_misplaced(arn)
	}
}

test_placed_roles if {
	lib.placed_role(_sso) == "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_Admin_*"
	lib.placed_role(_scaling) == "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
	lib.linked_service("AWSServiceRoleForBackup") == "SERVICE.amazonaws.com"
	startswith(lib.reserved_help({"path": []}, _sso).help, "write `arn:aws:iam::111122223333:role/aws-reserved/")
}

test_kinds_of_reserved_roles if {
	lib.misplaced_role(lib.reserved_roles[0], _sso)
	not lib.misplaced_role(lib.reserved_roles[1], _sso)
	lib.misplaced_role(lib.reserved_roles[1], _scaling)
}

test_placed if {
	lib.placed({"path": []}, {"bare": true}, "a/b").edits[0].text == "a/b"
	lib.placed({"path": []}, {"partition": "aws", "account": "111122223333"}, "a/b").edits[0].text == "arn:aws:iam::111122223333:role/a/b"
}

test_through_account if {
	finding := lib.through_account({"path": []}, "", {"path": ["Principal", "AWS"]}, "root", "arn") with input as {"statement": {"principals": [{}]}}
	count(finding.edits) == 2
	not lib.through_account({"path": []}, "", {}, "root", "arn").edits with input as {"spec": {}}
}

test_through_permission_set if {
	role := {"name": "AWSReservedSSO_Dev_0123456789abcdef", "path": ["Principal", "AWS"], "partition": "aws", "account": "111122223333"}
	statement := {"statement": {"principals": [role]}, "key": {"partition": "aws", "account": ""}}
	finding := lib.through_permission_set({"path": []}, role) with input as statement
	finding.edits[0].text == "arn:aws:iam::111122223333:root"
	contains(finding.help, "`arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Dev_*`")
	bare := object.union(role, {"partition": "", "account": ""})
	unknown := lib.through_permission_set({"path": []}, bare) with input as {"key": {"partition": "aws", "account": ""}}
	contains(unknown.help, "`arn:aws:iam::ACCOUNT:root`")
}
