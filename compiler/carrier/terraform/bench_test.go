package terraform

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclparse"
)

// BenchmarkReadBesideParser reads a module, and parses the same file by hclparse, in turn: times/parser is how many times as long
// reading takes.
func BenchmarkReadBesideParser(b *testing.B) {
	for name, text := range map[string]string{
		"documents": documentModule(200),
		"literals":  literalModule(200),
		"network":   networkModule(400),
	} {
		b.Run(name, func(b *testing.B) {
			var reading, parsing time.Duration
			for b.Loop() {
				start := time.Now()
				m, found, err := NewModules(oneFile(text)).Read(".")
				reading += time.Since(start)
				if err != nil || found.HasErrors() || len(m.Keys) == 0 {
					b.Fatal(len(m.Keys), found, err)
				}
				start = time.Now()
				_, diagnostics := hclparse.NewParser().ParseHCL([]byte(text), "main.tf")
				parsing += time.Since(start)
				if diagnostics.HasErrors() {
					b.Fatal(diagnostics)
				}
			}
			b.ReportMetric(float64(reading)/float64(parsing), "times/parser")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// documentModule has keys with policies of data sources.
func documentModule(keys int) string {
	var b strings.Builder
	b.WriteString("data \"aws_caller_identity\" \"me\" {}\nvariable \"apps\" {}\n")
	for i := range keys {
		fmt.Fprintf(&b, `data "aws_iam_policy_document" "d%[1]d" {
  statement {
    sid       = "Root"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
  statement {
    sid       = "Apps"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = var.apps
    }
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.eu-central-1.amazonaws.com"]
    }
  }
}
resource "aws_kms_key" "k%[1]d" {
  description         = "key %[1]d"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.d%[1]d.json
}
`, i)
	}
	return b.String()
}

// literalModule has keys with policies in jsonencode.
func literalModule(keys int) string {
	var b strings.Builder
	b.WriteString("data \"aws_caller_identity\" \"me\" {}\nvariable \"app\" {}\n")
	for i := range keys {
		fmt.Fprintf(&b, `resource "aws_kms_key" "k%[1]d" {
  description         = "key %[1]d"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Root"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "App"
        Effect    = "Allow"
        Principal = { AWS = var.app }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = "s3.eu-central-1.amazonaws.com" } }
      },
    ]
  })
}
`, i)
	}
	return b.String()
}

// networkModule is mostly about other things, as most modules are.
func networkModule(resources int) string {
	var b strings.Builder
	b.WriteString(literalModule(4))
	for i := range resources {
		fmt.Fprintf(&b, `resource "aws_security_group_rule" "r%[1]d" {
  type              = "ingress"
  from_port         = %[1]d
  to_port           = %[1]d
  protocol          = "tcp"
  cidr_blocks       = [for c in var.cidrs : cidrsubnet(c, 4, %[1]d)]
  security_group_id = aws_security_group.g[%[1]d %% 4].id
  description       = "${var.name}-%[1]d"
}
`, i)
	}
	return b.String()
}
