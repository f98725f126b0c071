# What terraform-aws-modules/kms/aws makes of its inputs, for calls of it whose module is not there. local.major is the module's
# major version. https://registry.terraform.io/modules/terraform-aws-modules/kms/aws/latest

variable "create" { default = true }
variable "create_external" { default = false }
variable "create_replica" { default = false }
variable "create_replica_external" { default = false }
variable "region" { default = null }
variable "policy" { default = null }
variable "bypass_policy_lockout_safety_check" { default = null }
variable "customer_master_key_spec" { default = null }
variable "key_spec" { default = null }
variable "key_usage" { default = null }
variable "multi_region" { default = false }

variable "enable_default_policy" { default = true }
variable "key_owners" { default = [] }
variable "key_administrators" { default = [] }
variable "key_users" { default = [] }
variable "key_service_users" { default = [] }
variable "key_service_roles_for_autoscaling" { default = [] }
variable "key_symmetric_encryption_users" { default = [] }
variable "key_hmac_users" { default = [] }
variable "key_asymmetric_public_encryption_users" { default = [] }
variable "key_asymmetric_sign_verify_users" { default = [] }
variable "enable_route53_dnssec" { default = false }
variable "route53_dnssec_sources" { default = [] }
variable "source_policy_documents" { default = [] }
variable "override_policy_documents" { default = [] }
variable "key_statements" { default = [] }

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  dnssec    = "dnssec-route53.${data.aws_partition.current.dns_suffix}"
  encrypt   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
  grants    = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
  manage = concat(
    ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*"],
    ["kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"],
    local.major < 2 ? [] : ["kms:ReplicateKey", "kms:ImportKeyMaterial"],
  )
  lists = [
    { sid = "KeyOwner", who = var.key_owners, actions = ["kms:*"], for_aws = false },
    { sid = "KeyAdministration", who = var.key_administrators, actions = local.manage, for_aws = false },
    { sid = "KeyUsage", who = var.key_users, actions = local.encrypt, for_aws = false },
    { sid = "KeyServiceUsage", who = var.key_service_users, actions = local.grants, for_aws = true },
    { sid = "KeyServiceRolesASG", who = var.key_service_roles_for_autoscaling, actions = local.encrypt, for_aws = false },
    { sid = "KeyServiceRolesASGPersistentVol", who = var.key_service_roles_for_autoscaling, actions = ["kms:CreateGrant"], for_aws = true },
    { sid = "KeySymmetricEncryption", who = var.key_symmetric_encryption_users, actions = local.encrypt, for_aws = false },
    { sid = "KeyHMAC", who = var.key_hmac_users, actions = ["kms:DescribeKey", "kms:GenerateMac", "kms:VerifyMac"], for_aws = false },
    { sid = "KeyAsymmetricPublicEncryption", who = var.key_asymmetric_public_encryption_users, actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey", "kms:GetPublicKey"], for_aws = false },
    { sid = "KeyAsymmetricSignVerify", who = var.key_asymmetric_sign_verify_users, actions = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:Verify"], for_aws = false },
  ]
  given = var.key_statements == null ? [] : try(values(var.key_statements), var.key_statements)
}

data "aws_iam_policy_document" "this" {
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.enable_default_policy ? [1] : []
    content {
      sid       = "Default"
      actions   = ["kms:*"]
      resources = ["*"]
      principals {
        type        = "AWS"
        identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
      }
    }
  }

  dynamic "statement" {
    for_each = [for l in local.lists : l if length(l.who) > 0]
    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = ["*"]
      principals {
        type        = "AWS"
        identifiers = statement.value.who
      }
      dynamic "condition" {
        for_each = statement.value.for_aws ? [1] : []
        content {
          test     = "Bool"
          variable = "kms:GrantIsForAWSResource"
          values   = [true]
        }
      }
    }
  }

  dynamic "statement" {
    for_each = var.enable_route53_dnssec ? [false, true] : []
    iterator = grant
    content {
      sid       = grant.value ? "Route53DnssecGrant" : "Route53DnssecService"
      actions   = grant.value ? ["kms:CreateGrant"] : ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"]
      resources = ["*"]
      principals {
        type        = "Service"
        identifiers = [local.dnssec]
      }
      dynamic "condition" {
        for_each = grant.value ? [1] : []
        content {
          test     = "Bool"
          variable = "kms:GrantIsForAWSResource"
          values   = ["true"]
        }
      }
      dynamic "condition" {
        for_each = grant.value && var.route53_dnssec_sources != null ? var.route53_dnssec_sources : []
        content {
          test     = "StringEquals"
          variable = "aws:SourceAccount"
          values   = try(coalescelist(condition.value.account_ids, [local.account]), [local.account])
        }
      }
      dynamic "condition" {
        for_each = grant.value && var.route53_dnssec_sources != null ? var.route53_dnssec_sources : []
        content {
          test     = "ArnLike"
          variable = "aws:SourceArn"
          values   = [try(coalesce(condition.value.hosted_zone_arn), "arn:${local.partition}:route53:::hostedzone/*")]
        }
      }
    }
  }

  dynamic "statement" {
    for_each = local.given
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "principals" {
        for_each = try(statement.value.principals == null ? [] : statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "not_principals" {
        for_each = try(statement.value.not_principals == null ? [] : statement.value.not_principals, [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(local.major < 4 ? statement.value.conditions : statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

locals {
  written = coalesce(var.policy, data.aws_iam_policy_document.this.json)
}

resource "aws_kms_key" "this" {
  count                              = var.create && !var.create_external && !var.create_replica && !var.create_replica_external ? 1 : 0
  region                             = var.region
  bypass_policy_lockout_safety_check = var.bypass_policy_lockout_safety_check
  customer_master_key_spec           = var.customer_master_key_spec
  key_usage                          = var.key_usage
  multi_region                       = var.multi_region
  policy                             = local.written
}

resource "aws_kms_external_key" "this" {
  count                              = var.create && var.create_external && !var.create_replica && !var.create_replica_external ? 1 : 0
  region                             = var.region
  bypass_policy_lockout_safety_check = var.bypass_policy_lockout_safety_check
  key_spec                           = var.key_spec
  key_usage                          = var.key_usage
  multi_region                       = var.multi_region
  policy                             = local.written
}

resource "aws_kms_replica_key" "this" {
  count                              = var.create && var.create_replica && !var.create_external && !var.create_replica_external ? 1 : 0
  region                             = var.region
  bypass_policy_lockout_safety_check = var.bypass_policy_lockout_safety_check
  policy                             = local.written
}

resource "aws_kms_replica_external_key" "this" {
  count                              = var.create && !var.create_replica && !var.create_external && var.create_replica_external ? 1 : 0
  region                             = var.region
  bypass_policy_lockout_safety_check = var.bypass_policy_lockout_safety_check
  policy                             = local.written
}

output "key_arn" {
  value = try(aws_kms_key.this[0].arn, aws_kms_external_key.this[0].arn, aws_kms_replica_key.this[0].arn, aws_kms_replica_external_key.this[0].arn)
}

output "key_id" {
  value = try(aws_kms_key.this[0].key_id, aws_kms_external_key.this[0].id, aws_kms_replica_key.this[0].key_id, aws_kms_replica_external_key.this[0].key_id)
}

output "key_policy" {
  value = local.written
}
