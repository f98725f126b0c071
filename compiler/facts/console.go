package facts

import (
	"maps"
	"slices"
)

// PolicyHeader is the Id and the Version of a policy that AWS writes.
type PolicyHeader struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	// IDVariants are other Ids that such policies have had.
	IDVariants []string `json:"id_variants_seen"`
}

// ConsoleStatement is a statement of the key policy that the AWS console writes. Every one has the Effect Allow and the
// Resource "*"; who it allows is the user's choice.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
type ConsoleStatement struct {
	// ID is root, administrators, users or grants.
	ID string `json:"-"`
	// Sid is what the console shows its views by.
	Sid string `json:"sid"`
	// SidVariants are other Sids that the statement has had.
	SidVariants []string `json:"sid_variants"`
	// Actions are the statement's actions, in the console's order.
	Actions []string `json:"actions"`
	// Conditions are its conditions: all of them must hold.
	Conditions []ConsoleCondition `json:"-"`
}

// ConsoleCondition is one condition of a statement, with one value.
type ConsoleCondition struct {
	Operator string
	Key      string
	Value    string
}

// ConsoleAdministratorStatement is the administrators' statement with what the console adds to it and leaves out.
type ConsoleAdministratorStatement struct {
	ConsoleStatement
	// ActionsWithoutDeletion are the actions where administrators may not delete the key.
	ActionsWithoutDeletion []string `json:"actions_without_delete_option"`
	// DeletionActions are those that are then left out.
	DeletionActions []string `json:"delete_option_actions"`
	// FormerActions are the actions before the console wrote kms:RotateKeyOnDemand.
	FormerActions []string `json:"actions_2023"`
	// ImportedKeyMaterialActions are added for a key of the origin EXTERNAL.
	ImportedKeyMaterialActions []string `json:"-"`
	// MultiRegionActions are added for a multi-Region key.
	MultiRegionActions []string `json:"-"`
}

type consoleData struct {
	Date           string                `json:"date"`
	Default        PolicyHeader          `json:"api_default_policy"`
	Console        PolicyHeader          `json:"console_policy"`
	Root           ConsoleStatement      `json:"root"`
	Administrators consoleAdministrators `json:"administrators"`
	Users          struct {
		Sid    string              `json:"sid"`
		ByKind map[string][]string `json:"actions_by_key_kind"`
	} `json:"users"`
	Grants     conditionedStatement `json:"grants"`
	AWSManaged conditionedStatement `json:"aws_managed_key_example"`
}

type consoleAdministrators struct {
	ConsoleAdministratorStatement
	Additions struct {
		Imported    []string `json:"imported_key_material"`
		MultiRegion []string `json:"multi_region"`
	} `json:"additions"`
}

type conditionedStatement struct {
	ConsoleStatement
	Condition map[string]map[string]string `json:"condition"`
}

func (c conditionedStatement) statement(id string) ConsoleStatement {
	s := c.ConsoleStatement
	s.ID = id
	for _, operator := range slices.Sorted(maps.Keys(c.Condition)) {
		for _, key := range slices.Sorted(maps.Keys(c.Condition[operator])) {
			s.Conditions = append(s.Conditions, ConsoleCondition{operator, key, c.Condition[operator][key]})
		}
	}
	return s
}

var consoleFile = lazy[consoleData]("console-policies.json")

// DefaultPolicy returns the header of the policy that KMS gives a key that is created without one; its only statement is
// ConsoleRoot.
func DefaultPolicy() PolicyHeader {
	return consoleFile().Default
}

// ConsolePolicy returns the header of the policy that the console writes.
func ConsolePolicy() PolicyHeader {
	return consoleFile().Console
}

// ConsoleRoot returns the statement that lets IAM policies of the account count.
func ConsoleRoot() ConsoleStatement {
	s := consoleFile().Root
	s.ID = "root"
	return s
}

// ConsoleAdministrators returns the statement for key administrators.
func ConsoleAdministrators() ConsoleAdministratorStatement {
	a := consoleFile().Administrators
	s := a.ConsoleAdministratorStatement
	s.ID = "administrators"
	s.ImportedKeyMaterialActions, s.MultiRegionActions = a.Additions.Imported, a.Additions.MultiRegion
	return s
}

// ConsoleUsers returns the statement for the users of a key of a kind (see KeyKind); false for an unknown kind.
func ConsoleUsers(kind string) (ConsoleStatement, bool) {
	users := consoleFile().Users
	actions, ok := users.ByKind[kind]
	if !ok {
		return ConsoleStatement{}, false
	}
	return ConsoleStatement{ID: "users", Sid: users.Sid, Actions: actions}, true
}

// ConsoleGrants returns the statement that lets users have AWS services make grants for them.
func ConsoleGrants() ConsoleStatement {
	return consoleFile().Grants.statement("grants")
}
