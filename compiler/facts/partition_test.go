package facts

import "testing"

func TestPartitions(t *testing.T) {
	if n := len(Partitions()); n != 8 {
		t.Errorf("got %d partitions, want 8", n)
	}
	if Partitions()[0].Name != "aws" {
		t.Errorf("the first partition is %s", Partitions()[0].Name)
	}
	seen := map[string]string{}
	for i, p := range Partitions() {
		for _, region := range p.Regions {
			if other := seen[region]; other != "" {
				t.Errorf("%s is in %s and in %s", region, other, p.Name)
			}
			seen[region] = p.Name
			for j, pattern := range regionPatterns() {
				if pattern.MatchString(region) != (i == j) {
					t.Errorf("%s of %s and the pattern of %s", region, p.Name, Partitions()[j].Name)
				}
			}
			if got, ok := PartitionOfRegion(region); !ok || got != p.Name || !KnownRegion(region) {
				t.Errorf("PartitionOfRegion(%q) = %q, %v", region, got, ok)
			}
		}
	}
}

func TestPartitionOfRegion(t *testing.T) {
	tests := []struct{ region, want string }{
		{"us-east-1", "aws"},
		{"eu-central-9", "aws"},
		{"cn-south-1", "aws-cn"},
		{"us-gov-north-1", "aws-us-gov"},
		{"eusc-de-east-1", "aws-eusc"},
		{"us-iso-north-1", "aws-iso"},
		{"us-isob-west-7", "aws-iso-b"},
		{"eu-isoe-west-1", "aws-iso-e"},
		{"us-isof-north-1", "aws-iso-f"},
		{"us-east", ""},
		{"us-east-1a", ""},
		{"US-EAST-1", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got, ok := PartitionOfRegion(tt.region); got != tt.want || ok != (tt.want != "") {
			t.Errorf("PartitionOfRegion(%q) = %q, %v, want %q", tt.region, got, ok, tt.want)
		}
	}
	if KnownRegion("eu-central-9") {
		t.Error("eu-central-9 is known")
	}
}

func TestLookupPartition(t *testing.T) {
	if p, ok := LookupPartition("aws-cn"); !ok || p.DNSSuffix != "amazonaws.com.cn" {
		t.Errorf("got %+v, %v", p, ok)
	}
}
