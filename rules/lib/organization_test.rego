package keypolicy.lib_test

import data.keypolicy.lib

test_organization_fault_of_ids if {
	every text in ["o-a1b2c3d4e5", "o-*", "*"] { not lib.organization_fault("aws:principalorgid", text) }
	every text in ["o-short", "r-ab12", "o-a1b2c3d4e5/r-ab12/"] { lib.organization_fault("aws:principalorgid", text) }
}

test_organization_fault_of_paths if {
	every text in ["o-a1b2c3d4e5/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "o-a1b2c3d4e5/r-ab12/ou-*/*"] {
		not lib.organization_fault("aws:principalorgpaths", text)
	}
	every text in ["o-a1b2c3d4e5/r-ab12", "o-x/r-ab12", "o-x/zz", "o-a1b2c3d4e5/ou-ab12-11111111/"] {
		lib.organization_fault("aws:principalorgpaths", text)
	}
}
