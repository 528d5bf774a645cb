package main

import (
	"strings"
	"testing"
)

func TestReport_Read(t *testing.T) {
	t.Parallel()
	const project = "github.com/catfoster/catfoster/"
	for name, test := range map[string]struct {
		events []string
		want   []string
		hidden string
	}{
		"a test that passes": {
			[]string{
				`{"Action":"output","Package":"` + project + `a","Test":"TestA","Output":"an expected error\n"}`,
				`{"Action":"pass","Package":"` + project + `a","Test":"TestA","Elapsed":1.5}`,
				`{"Action":"output","Package":"` + project + `a","Output":"PASS\n"}`,
				`{"Action":"output","Package":"` + project + `a","Output":"ok  \t` + project + `a\t1.6s\n"}`,
				`{"Action":"pass","Package":"` + project + `a","Elapsed":1.6}`,
			},
			[]string{"ok  \t" + project + "a\t1.6s\n", "unit        1 tests, 0 failed, 2 s; slowest: TestA 1.5\n"}, "an expected error",
		},
		"a test that fails": {
			[]string{
				`{"Action":"output","Package":"` + project + `e2e","Test":"TestB/case","Output":"the reason\n"}`,
				`{"Action":"output","Package":"` + project + `e2e","Test":"TestA","Output":"of another test\n"}`,
				`{"Action":"fail","Package":"` + project + `e2e","Test":"TestB/case","Elapsed":1}`,
				`{"Action":"fail","Package":"` + project + `e2e","Test":"TestB","Elapsed":1}`,
				`{"Action":"pass","Package":"` + project + `e2e","Test":"TestA","Elapsed":3}`,
				`{"Action":"fail","Package":"` + project + `e2e","Elapsed":4}`,
			},
			[]string{"the reason\n", "stories     3 tests, 2 failed, 4 s; slowest: TestA 3.0 TestB 1.0\n"}, "of another test",
		},
		"a test that is skipped": {
			[]string{
				`{"Action":"output","Package":"` + project + `e2e","Test":"TestA","Output":"    a_test.go:1: NOT RUN: there is no history\n"}`,
				`{"Action":"skip","Package":"` + project + `e2e","Test":"TestA","Elapsed":0}`,
			},
			[]string{"NOT RUN: there is no history\n", "stories     1 tests, 0 failed, 0 s; slowest: TestA 0.0\n"}, "",
		},
		"a process that crashes": {
			[]string{
				`{"Action":"output","Package":"` + project + `b","Test":"TestA","Output":"panic: no cat\n"}`,
				`{"Action":"fail","Package":"` + project + `b","Elapsed":1}`,
			},
			[]string{"panic: no cat\n", "Postgres    0 tests, 0 failed, 1 s; slowest:\n"}, "",
		},
		"a package that does not compile": {
			[]string{`{"ImportPath":"` + project + `a","Action":"build-output","Output":"undefined: cat\n"}`}, []string{"undefined: cat\n"}, "",
		},
		"lines that are no events": {[]string{"go: no such module", "really"}, []string{"go: no such module\nreally\n"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			r := newReport(&out, map[string]bool{project + "b": true})
			r.read(strings.NewReader(strings.Join(test.events, "\n") + "\n"))
			r.summarize()
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("the report is\n%s, want it to contain %q", out.String(), want)
				}
			}
			if test.hidden != "" && strings.Contains(out.String(), test.hidden) {
				t.Errorf("the report is\n%s, want it not to contain %q", out.String(), test.hidden)
			}
		})
	}
}
