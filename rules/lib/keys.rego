# The condition keys by what they say of a request: `says` in compiler/facts/kms-condition-keys.json. Generated:
# go test ./rules -run TestKeySets -update
package keypolicy.lib

# caller_keys say who or where a caller is, in lower case.
caller_keys := {
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalorgid",
	"aws:principalorgpaths",
	"aws:sourceip",
	"aws:sourcevpc",
	"aws:sourcevpcarn",
	"aws:sourcevpce",
	"aws:vpcsourceip",
	"aws:vpceaccount",
	"aws:vpceorgid",
	"aws:vpceorgpaths",
	"aws:userid",
	"kms:calleraccount",
}

# source_keys say for whom a service acts, in lower case.
source_keys := {
	"aws:sourceaccount",
	"aws:sourcearn",
	"aws:sourceorgid",
	"aws:sourceorgpaths",
}

# wrong_service_keys are those that people take for source_keys, in lower case: services send none, or one of their own.
wrong_service_keys := {
	"aws:principalaccount",
	"aws:sourceip",
	"aws:useragent",
	"aws:referer",
	"kms:calleraccount",
}

# organization_id_keys have the id of an organization, in lower case.
organization_id_keys := {
	"aws:principalorgid",
	"aws:resourceorgid",
	"aws:sourceorgid",
	"aws:vpceorgid",
}

# organization_path_keys have paths of organizations, in lower case.
organization_path_keys := {
	"aws:principalorgpaths",
	"aws:resourceorgpaths",
	"aws:sourceorgpaths",
	"aws:vpceorgpaths",
}

# account_keys say of which account a caller is.
account_keys := {
	"aws:PrincipalAccount",
	"kms:CallerAccount",
}

# organization_keys say of which organization a caller is.
organization_keys := {
	"aws:PrincipalOrgID",
	"aws:PrincipalOrgPaths",
}

# caller_arn_keys say which user or role a caller is, by ARN.
caller_arn_keys := {
	"aws:PrincipalArn",
}

# source_account_keys say for which account a service acts, or for what of it.
source_account_keys := {
	"aws:SourceAccount",
	"aws:SourceArn",
}

# source_organization_keys say for which organization a service acts.
source_organization_keys := {
	"aws:SourceOrgID",
	"aws:SourceOrgPaths",
}

# endpoint_organization_keys say of which organization a VPC endpoint is.
endpoint_organization_keys := {
	"aws:VpceOrgID",
	"aws:VpceOrgPaths",
}

# origin_account_keys say of which account the VPC endpoint is, or the compute resource, that a request comes from.
origin_account_keys := {
	"aws:SourceVpcArn",
	"aws:VpceAccount",
	"codebuild:BuildArn",
	"codebuild:ProjectArn",
	"ec2:SourceInstanceArn",
	"lambda:SourceFunctionArn",
	"ssm:SourceInstanceArn",
}

# caller_id_keys say which caller it is, by a unique id: of a root user and a federated user it begins with the account.
caller_id_keys := {
	"aws:userid",
}

# grant_bounds limit what grants may be made. https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#grant-authorization
grant_bounds := {
	"kms:GrantConstraintSourceArn",
	"kms:GrantConstraintType",
	"kms:GrantIsForAWSResource",
	"kms:GrantOperations",
	"kms:GranteePrincipal",
	"kms:GranteeServicePrincipal",
	"kms:RetiringPrincipal",
	"kms:RetiringServicePrincipal",
}

# grant_operation_keys say which operations a grant allows.
grant_operation_keys := {
	"kms:GrantOperations",
}

# grantee_keys say to whom a grant is made, by ARN.
grantee_keys := {
	"kms:GranteePrincipal",
}

# aws_grant_keys say whether an AWS service makes the grant.
aws_grant_keys := {
	"kms:GrantIsForAWSResource",
}

# alias_keys say which aliases the key has, or which of them a request names.
alias_keys := {
	"kms:RequestAlias",
	"kms:ResourceAliases",
}
