package keypolicy

// fileTexts are the texts of the files that findings are in, once what was made of them is gone. Small ones are kept, and of the
// others the last one: a finding's identity and its line both need them, and a large file may have thousands.
type fileTexts struct {
	files Files
	texts map[string][]byte

	last string // the large file that was read last, with its text
	text []byte
}

// newFileTexts takes the texts of inputs that are not in the file system.
func newFileTexts(inputs []Input, files Files) *fileTexts {
	t := &fileTexts{files: files, texts: map[string][]byte{}}
	for _, in := range inputs {
		if in.Text != nil {
			t.texts[in.Name] = in.Text
		}
	}
	return t
}

// of is a file's text; nil where it cannot be read any more, without which a finding has no literal and no line.
func (t *fileTexts) of(file string) []byte {
	if text, known := t.texts[file]; known {
		return text
	}
	if t.last == file {
		return t.text
	}
	text, _ := t.files.Read(file)
	if len(text) <= longest {
		t.texts[file] = text
	} else {
		t.last, t.text = file, text
	}
	return text
}
