package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// revision is the YAML and JSON of a git revision: file names, as seen from the working directory, with their blobs.
type revision struct {
	name  string
	root  string // the repository's root, seen from the working directory
	files map[string]string
}

// openRevision lists the files of a revision.
func openRevision(ctx context.Context, name string) (*revision, error) {
	prefix, err := git(ctx, nil, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	commit, err := git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("git has no revision `%s`", name)
	}
	listing, err := git(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", strings.TrimSpace(string(commit)))
	if err != nil {
		return nil, err
	}
	here := "/" + strings.TrimSuffix(string(prefix), "\n")
	r := &revision{name: name, root: relative(here, "/"), files: map[string]string{}}
	for entry := range strings.SplitSeq(string(listing), "\x00") {
		meta, file, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(meta) // mode, type and object
		if ok && len(fields) == 3 && strings.HasPrefix(fields[0], "100") && isData(file) {
			r.files[relative(here, "/"+file)] = fields[2]
		}
	}
	return r, nil
}

// relative is a path as seen from a folder, both from the repository's root.
func relative(folder, file string) string {
	seen, err := filepath.Rel(folder, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(seen)
}

// git runs git in the working directory; its error is a sentence. It is kept from the network: in a partial clone git
// fetches what is missing as it reads. GIT_NO_LAZY_FETCH is known to git 2.45 and later, and no transport is allowed.
// https://git-scm.com/docs/git#Documentation/git.txt-codeGITALLOWPROTOCOLcode
func git(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Stdin = in
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0")
	out, err := cmd.Output()
	var failed *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("--git needs git, which is not installed here")
	case errors.As(err, &failed):
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(string(failed.Stderr)))
	}
	return out, err
}

// read gives the texts of files.
func (r *revision) read(ctx context.Context, names []string) (map[string][]byte, error) {
	texts := map[string][]byte{}
	if len(names) == 0 {
		return texts, nil
	}
	var wanted bytes.Buffer
	for _, name := range names {
		wanted.WriteString(r.files[name] + "\n")
	}
	out, err := git(ctx, &wanted, "cat-file", "--batch")
	if err != nil {
		return nil, fmt.Errorf("%w; the text of a file at %s is not in this clone, and nothing is fetched: fetch it first, as `git archive %s` does", err, r.name, r.name)
	}
	in := bufio.NewReader(bytes.NewReader(out))
	for _, name := range names {
		header, err := in.ReadString('\n')
		fields := strings.Fields(header) // object, type and size
		if err != nil || len(fields) != 3 {
			return nil, fmt.Errorf("git has no text of %s at %s in this clone, and nothing is fetched: fetch it first, as `git archive %s` does", name, r.name, r.name)
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil {
			return nil, err
		}
		text := make([]byte, size+1) // a newline ends it
		if _, err := io.ReadFull(in, text); err != nil {
			return nil, err
		}
		texts[name] = text[:size]
	}
	return texts, nil
}

// reader reads policies as they were at the revision: with its configuration and its templates.
func (r *revision) reader(ctx context.Context, now *reader) (*reader, error) {
	c, err := r.configuration(ctx, now.app.flags.config)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, folder := range c.Templates {
		names = append(names, r.under(c.path(folder))...)
	}
	slices.Sort(names)
	texts, err := r.read(ctx, slices.Compact(names))
	if err != nil {
		return nil, err
	}
	var entries []*expand.Entry
	for _, name := range slices.Compact(names) {
		named, _ := templatesIn(name, texts[name])
		entries = append(entries, named...)
	}
	options := compiler.Options{Flags: now.options.Flags, Configuration: c.defaults(), Templates: expand.NewLibrary(entries)}
	return &reader{now.app, c, options}, nil
}

// configuration is that of --config, else the first from the working directory up to the repository's root.
func (r *revision) configuration(ctx context.Context, flag string) (*configuration, error) {
	file := ""
	if flag != "" {
		file = seen(flag)
	} else {
		for folder := "."; ; folder = path.Join(folder, "..") {
			if name := path.Join(folder, spec.ConfigurationFile); r.files[name] != "" {
				file = name
				break
			}
			if folder == r.root {
				break
			}
		}
	}
	if r.files[file] == "" {
		here, err := filepath.Abs(".")
		return &configuration{Configuration: &spec.Configuration{}, folder: here}, err
	}
	texts, err := r.read(ctx, []string{file})
	if err != nil {
		return nil, err
	}
	c, _, err := parseConfiguration(file, texts[file])
	if err == nil && c == nil {
		err = fmt.Errorf("the configuration has errors at %s", r.name)
	}
	return c, err
}

// seen writes a path as the files of a revision are named: from the working directory.
func seen(p string) string {
	if absolute, err := filepath.Abs(p); err == nil {
		p = absolute
	}
	return shown(p)
}

// under are the files in a folder, or the file itself, sorted.
func (r *revision) under(p string) []string {
	folder, err := filepath.Abs(p)
	if err != nil {
		return nil
	}
	var names []string
	for name := range r.files {
		file, err := filepath.Abs(name)
		if err != nil {
			continue
		}
		if below, err := filepath.Rel(folder, file); err == nil && filepath.IsLocal(below) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// targets are the files that the paths name at the revision, as targets of the working tree are.
func (r *revision) targets(args []string, c *configuration) []target {
	if len(args) == 0 {
		args = []string{"."}
	}
	l := &listing{configuration: c, seen: map[string]bool{}}
	for _, arg := range args {
		for _, name := range r.under(arg) {
			if slices.ContainsFunc(strings.Split(path.Dir(name), "/"), neverRead) {
				continue
			}
			if includes := c.includes(name); includes || compiler.IsSpecName(name) || name == seen(arg) {
				l.add(name, includes)
			}
		}
	}
	return l.list
}
