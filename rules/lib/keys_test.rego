package keypolicy.lib_test

import data.keypolicy.lib

test_alias_keys if "kms:ResourceAliases" in lib.alias_keys

test_organization_keys_are_ids_or_paths if {
	lib.organization_id_keys & lib.organization_path_keys == set()
	every key in lib.organization_keys { lower(key) in (lib.organization_id_keys | lib.organization_path_keys) }
}

test_keys_of_grants if {
	count(lib.grant_bounds) > 0
	lib.grant_operation_keys == {"kms:GrantOperations"}
	lib.grantee_keys == {"kms:GranteePrincipal"}
	lib.aws_grant_keys == {"kms:GrantIsForAWSResource"}
}

test_keys_of_accounts_and_organizations if {
	lib.caller_arn_keys == {"aws:PrincipalArn"}
	lib.source_account_keys == {"aws:SourceAccount", "aws:SourceArn"}
	lib.source_organization_keys == {"aws:SourceOrgID", "aws:SourceOrgPaths"}
	lib.caller_id_keys == {"aws:userid"}
	{"aws:VpceAccount", "aws:SourceVpcArn", "lambda:SourceFunctionArn"} - lib.origin_account_keys == set()
	lib.endpoint_organization_keys == {"aws:VpceOrgID", "aws:VpceOrgPaths"}
}
