package source

func suppressions(_ *File) []Suppression { return nil }
