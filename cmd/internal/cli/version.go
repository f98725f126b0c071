package cli

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

func newVersionInfo() keypolicy.VersionInfo {
	v := keypolicy.VersionInfo{Version: ownVersion(), Facts: facts.Date()}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
	}
	return v
}

// versionText is what `keypolicy version` and `keypolicy --version` print.
func versionText(v keypolicy.VersionInfo) string {
	return fmt.Sprintf("keypolicy %s (%s)\nAWS facts of %s\n", v.Version, v.Go, v.Facts)
}

func (a *app) version() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version and the date of the AWS facts",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := oneOf("--format", format, "text", "json"); err != nil {
				return err
			}
			v := newVersionInfo()
			if format == "json" {
				return report.WriteValue(a.stdio.Out, v)
			}
			_, err := io.WriteString(a.stdio.Out, versionText(v))
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// ownVersion is the version of keypolicy.
func ownVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
