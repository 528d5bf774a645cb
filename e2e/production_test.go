package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestProduction_WordForWord types the blocks of docs/production.md on an empty Postgres. It starts the proxy in the place of
// systemd. Behind it a member signs up and logs in over TLS, after a backup was restored.
func TestProduction_WordForWord(t *testing.T) {
	t.Parallel()
	p := newProduction(t)
	page, err := os.ReadFile(filepath.Join(p.project, "docs", "production.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := codeBlocksOf(string(page))
	var admin harness.Member
	var photo string
	after := map[string]func(){
		"The proxy": func() { p.startProxy(t) },
		"The first admin": func() {
			admin = harness.Member{Token: strings.TrimSpace(p.shell.run(t, "with catfoster catfoster user login admin@$DOMAIN\n"))}
			photo = p.checkProxy(t, admin)
		},
		"Backup": func() {
			if got := p.status(t, http.MethodGet, photo, admin.Token); got != http.StatusOK {
				t.Errorf("after the restore a photo is answered with %d", got)
			}
			p.signUp(t)
			p.checkBackup(t)
		},
		"Cleaning": func() { p.checkMetrics(t) },
		"systemd":  func() { p.checkUnits(t, string(page)) },
	}
	for i, block := range blocks {
		switch block.kind {
		case "sh":
			started := time.Now()
			output := p.shell.run(t, p.replacer.Replace(block.text))
			t.Logf("%s, %s:\n%s", block.section, time.Since(started).Round(100*time.Millisecond), output)
		case "console":
			for line := range strings.Lines(block.text) {
				command, _, _ := strings.Cut(line, " ")
				if !slices.Contains([]string{"apt-get", "curl", "sha256sum", "tar", "systemctl"}, command) {
					t.Errorf("docs/production.md: %q can be run: its block must be sh", line)
				}
			}
		default:
			t.Errorf("docs/production.md: a block in %q is neither sh nor console", block.section)
		}
		if i+1 == len(blocks) || blocks[i+1].section != block.section {
			if check := after[block.section]; check != nil {
				check()
				delete(after, block.section)
			}
		}
	}
	for section := range after {
		t.Errorf("docs/production.md has no commands in a section %q", section)
	}
}

// production is what stands in for the machine of an operator.
type production struct {
	project  string
	root     string // takes the place of /
	replacer *strings.Replacer
	shell    *shell
	tls      string // host and port of the proxy
	internal string // port of the internal listener
	browsers http.RoundTripper
}

// newProduction puts what an operator has before the first step where the page expects it: a Postgres without databases,
// and the unpacked release with Ory's programs.
func newProduction(t *testing.T) *production {
	t.Helper()
	for _, tool := range []string{"nginx", "openssl", "psql", "pg_dump", "pg_restore", "tar", "sha256sum", "flock"} {
		if _, err := lookPath(tool); err != nil {
			t.Skip("NOT RUN: docs/production.md. It needs " + tool)
		}
	}
	project, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	p := &production{project: project, root: t.TempDir(), tls: env.UnusedAddress(t)}
	postgres := startEmptyPostgres(t, project)

	port := func() string {
		_, port, err := net.SplitHostPort(env.UnusedAddress(t))
		if err != nil {
			t.Fatal(err)
		}
		return port
	}
	api, internal, kratos, kratosAdmin, ketoRead, ketoWrite := port(), port(), port(), port(), port(), port()
	p.internal = internal
	p.replacer = strings.NewReplacer(
		"/etc/", p.root+"/etc/", "/var/", p.root+"/var/", "/usr/local/", p.root+"/usr/local/",
		"smtp://127.0.0.1:25/?disable_starttls=true", env.SMTPURL(),
		"127.0.0.1:5432", postgres.Host, "PGPORT=5432", "PGPORT="+postgres.Port(),
		"server 127.0.0.1:8080", "server 127.0.0.1:"+api, "listen 80;", "listen "+env.UnusedAddress(t)+";",
		"listen 443 ", "listen "+p.tls+" ", "    listen [::]:80;\n", "", "    listen [::]:443 ssl http2;\n", "",
	)
	for _, dir := range []string{"usr/local/bin", "etc/nginx/conf.d"} {
		if err := os.MkdirAll(filepath.Join(p.root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			p.showLogs(t)
		}
	})
	password, _ := postgres.User.Password()
	loopback := "http://127.0.0.1:"
	p.shell = startShell(t, p.unpackRelease(t), append(os.Environ(),
		"PGHOST="+postgres.Hostname(), "PGPORT="+postgres.Port(), "PGUSER="+postgres.User.Username(), "PGPASSWORD="+password,
		// The ports of the page may be in use.
		"PORT="+api, "INTERNAL_PORT="+internal,
		"ORY_KRATOS_PUBLIC_URL="+loopback+kratos, "ORY_KRATOS_ADMIN_URL="+loopback+kratosAdmin,
		"ORY_KETO_PUBLIC_URL="+loopback+ketoRead, "ORY_KETO_ADMIN_URL="+loopback+ketoWrite,
		"kratos_public_port="+kratos, "kratos_admin_port="+kratosAdmin, "kratos_admin_url="+loopback+kratosAdmin,
		"kratos_webhooks_url="+loopback+internal,
		"keto_read_port="+ketoRead, "keto_write_port="+ketoWrite, "keto_metrics_port="+port(), "keto_opl_port="+port(),
		"kratos_haveibeenpwned=false", // It would need the internet.
		"SHUTDOWN_DELAY=0s",           // The proxy does not ask whether the server is ready.
		"CATFOSTER_PASSWORD="+harness.Password,
	))
	return p
}

// showLogs shows the ends of the logs.
func (p *production) showLogs(t *testing.T) {
	t.Helper()
	logs, _ := filepath.Glob(filepath.Join(p.root, "var", "log", "catfoster", "*")) // Only a malformed pattern is an error.
	for _, log := range logs {
		text, err := os.ReadFile(log)
		t.Logf("%s, %v:\n%s", filepath.Base(log), err, text[max(0, len(text)-4000):])
	}
}

// lookPath finds a program, also where only root looks for it.
func lookPath(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return exec.LookPath(filepath.Join("/usr/sbin", name))
}

// startEmptyPostgres starts a Postgres with nothing but the superuser postgres, and returns its address.
func startEmptyPostgres(t *testing.T, project string) *url.URL {
	t.Helper()
	server, err := local.StartPostgres(context.WithoutCancel(t.Context()), local.Options{
		Root: project, Dir: t.TempDir(), Bin: filepath.Join(project, ".local", "bin"), Disposable: true,
	})
	if err != nil {
		t.Fatalf("start Postgres: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(server.PostgresURL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := address.User.Password()
	execute := func(database string, statements ...string) {
		address.Path = "/" + database
		db, err := sql.Open("postgres", address.String())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Its own superuser and database have the names of those that the page makes.
	execute("postgres", "DROP DATABASE catfoster", "CREATE ROLE postgres SUPERUSER LOGIN PASSWORD '"+password+"'")
	address.User = url.UserPassword("postgres", password)
	execute("postgres", "ALTER ROLE catfoster RENAME TO installer")
	return address
}

// unpackRelease returns a folder with what the archive of a release has, and with Ory's programs.
func (p *production) unpackRelease(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(p.root, "release")
	for _, folder := range []string{"infra/systemd", "infra/nginx", "infra/backup"} {
		files, err := os.ReadDir(filepath.Join(p.project, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			path := filepath.Join(folder, file.Name())
			text, err := os.ReadFile(filepath.Join(p.project, path))
			if err := errors.Join(err, os.MkdirAll(filepath.Join(dir, folder), 0o755),
				os.WriteFile(filepath.Join(dir, path), []byte(p.replacer.Replace(string(text))), 0o755)); err != nil {
				t.Fatal(err)
			}
		}
	}
	bin := filepath.Join(p.project, ".local", "bin")
	kratos, err := local.BuildKratos(t.Context(), p.project, bin)
	if err != nil {
		t.Fatal(err)
	}
	keto, err := local.BuildKeto(t.Context(), p.project, bin)
	if err != nil {
		t.Fatal(err)
	}
	for name, program := range map[string]string{
		"kratos": kratos, "keto": keto, "catfoster": env.Program(t).Command(t.Context(), config.Config{}).Path,
	} {
		if err := os.Symlink(program, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// startProxy runs nginx with the configuration that the page has installed.
func (p *production) startProxy(t *testing.T) {
	t.Helper()
	nginx, err := lookPath("nginx")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(p.root, "etc", "nginx")
	var main strings.Builder
	if os.Getuid() == 0 {
		main.WriteString("user root root;\n") // Others may not enter the folders of a test.
	}
	fmt.Fprintf(&main, "pid %s/pid; worker_processes 1; daemon off; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n", dir)
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&main, "%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	fmt.Fprintf(&main, "include %s/conf.d/*.conf;\n}\n", dir)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(main.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), nginx, "-e", "stderr", "-c", file)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // It may have ended.
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("nginx says:\n%s", &output)
		}
	})
	certificate, err := os.ReadFile(filepath.Join(p.root, "etc", "catfoster", "tls", "certificate.pem"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(certificate) {
		t.Fatal("the certificate cannot be read")
	}
	transport := &http.Transport{
		// The domain leads to the proxy, as by DNS.
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, p.tls)
		},
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
	}
	p.browsers = transport
	t.Cleanup(transport.CloseIdleConnections)
	harness.Await(t, "nginx to pass the server on", func() bool {
		return p.status(t, http.MethodGet, "/health/ready", "") == http.StatusOK
	})
}

// origin is where the community is.
const origin = "https://cats.example"

// server returns the server as browsers reach it.
func (p *production) server() *harness.Server {
	return harness.Behind(origin, p.browsers, config.Defaults[config.Config]())
}

// status asks for a path and returns the status of the answer, or 0 if there is none.
func (p *production) status(t *testing.T, method, path, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, origin+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("X-Session-Token", token)
	}
	response, err := p.browsers.RoundTrip(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // Only the status matters.
	return response.StatusCode
}

// checkProxy checks what the proxy passes on, and returns the path of a photo.
func (p *production) checkProxy(t *testing.T, admin harness.Member) (photo string) {
	t.Helper()
	for path, want := range map[string]int{"/": 200, "/metrics": 404, "/webhooks/kratos/registration": 404} {
		if got := p.status(t, http.MethodGet, path, ""); got != want {
			t.Errorf("the proxy answers %s with %d, want %d", path, got, want)
		}
	}
	server := p.server()
	events := server.Subscribe(t, admin.Token)
	if events.Status != http.StatusOK {
		t.Fatalf("a stream of live events is answered with %d", events.Status)
	}
	if got := events.NextOrComment(t); got != "comment" {
		t.Errorf("the first part of a stream is %q, want a comment", got)
	}
	events.Close()
	// A body of 10 MB reaches the server, and a longer one too, whose answer says so in words.
	for _, size := range []int{10 << 20, 10<<20 + 1} {
		refused := server.Upload(t, admin.Token, bytes.NewReader(make([]byte, size)), nil)
		if refused.Code() != "BAD_USER_INPUT" {
			t.Errorf("an upload of %d bytes is answered with %d %s", size, refused.Status, refused.Code())
		}
	}
	id := server.NewPhoto(t, admin)
	cat := server.NewCatWith(t, admin, map[string]any{"photoIds": []uuid.UUID{id}})
	if cat == uuid.Nil {
		t.Error("there is no cat")
	}
	return fmt.Sprintf("/photos/%s/card.jpg", id)
}

// signUp signs a member up as the pages do, with the code from the mail, and logs in.
func (p *production) signUp(t *testing.T) {
	t.Helper()
	const email = "bob@production.example"
	browser := p.server().NewBrowser(t)
	registered := browser.Submit(t, browser.OpenFlow(t, "registration/browser"), harness.SignUpForm(email, "Bob"))
	if registered.Status != http.StatusOK {
		t.Fatalf("sign up: %d %s", registered.Status, registered.Problems())
	}
	i := slices.IndexFunc(registered.ContinueWith, func(next harness.ContinueWith) bool { return next.Action == "show_verification_ui" })
	if i < 0 {
		t.Fatalf("after the sign-up Kratos continues with %+v, want the verification", registered.ContinueWith)
	}
	next := registered.ContinueWith[i].Flow
	if !strings.HasPrefix(next.URL, origin+"/verification?") {
		t.Errorf("the page of the verification is %s", next.URL)
	}
	var flow harness.Flow
	browser.Call(t, http.MethodGet, "self-service/verification/flows?id="+next.ID, nil, &flow)
	code := env.AwaitVerificationCode(t, email, next.ID)
	if done := browser.Submit(t, flow, map[string]any{"method": "code", "code": code}); done.State != "passed_challenge" {
		t.Fatalf("after the code the state is %q: %s", done.State, done.Problems())
	}
	browser.Login(t, email)
	if cookie := browser.SessionCookie(); cookie == nil || !cookie.Secure || !cookie.HttpOnly {
		t.Errorf("the cookie of the session is %+v, want one for HTTPS alone", cookie)
	}
	var data struct{ Me struct{ Name string } }
	browser.Query(t, "{ me { name } }").Decode(t, &data)
	if data.Me.Name != "Bob" {
		t.Errorf("after the login the member is %q, want Bob", data.Me.Name)
	}
}

// checkBackup backs up what is not there, which must fail and leave the older backups alone, and then what is there.
func (p *production) checkBackup(t *testing.T) {
	t.Helper()
	got := p.shell.run(t, p.replacer.Replace(`
mkdir /var/lib/catfoster-backup/2000-01-01T00-00-00Z
touch --date='15 days ago' /var/lib/catfoster-backup/2000-01-01T00-00-00Z
BACKUP_PHOTOS=/var/lib/nowhere with backup catfoster-backup >/dev/null 2>&1 || echo photos
BACKUP_DATABASES='catfoster nowhere' with backup catfoster-backup >/dev/null 2>&1 || echo database
sha256sum() { return 1; }; export -f sha256sum
with backup catfoster-backup >/dev/null 2>&1 || echo checksums
unset -f sha256sum
ls -d /var/lib/catfoster-backup/2* | wc -l
with backup catfoster-backup >/dev/null
ls -d /var/lib/catfoster-backup/2* | wc -l
test -d /var/lib/catfoster-backup/2000-01-01T00-00-00Z || echo deleted
`))
	if want := "photos\ndatabase\nchecksums\n2\n2\ndeleted\n"; got != want {
		t.Errorf("the backups that must fail, how many there are before and after one that succeeds, and the old one:\n%s, want\n%s", got, want)
	}
}

// checkMetrics reads from the server what the page has made: the limit of the role, and that cleanup has succeeded.
func (p *production) checkMetrics(t *testing.T) {
	t.Helper()
	server := harness.Server{InternalURL: "http://127.0.0.1:" + p.internal}
	if got := server.Metric(t, `catfoster_postgres_connections_limit{role="catfoster"}`); got != 54 {
		t.Errorf("the role of the server may open %v connections, want 54", got)
	}
	if got := server.Metric(t, "catfoster_cleanup_last_success_seconds"); got <= 0 {
		t.Errorf("the last cleanup was at %v", got)
	}
}

// checkUnits compares the commands of the units that the page has installed with those of the page, and lets systemd check
// the units if it is there.
func (p *production) checkUnits(t *testing.T, page string) {
	t.Helper()
	units, err := filepath.Glob(filepath.Join(p.root, "etc", "systemd", "system", "*"))
	if err != nil || len(units) != 7 {
		t.Fatalf("the page installs the units %q, %v", units, err)
	}
	for _, unit := range units {
		text, err := os.ReadFile(unit)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(unit) == ".timer" {
			continue
		}
		_, command, _ := strings.Cut(string(text), "\nExecStart="+p.root+"/usr/local/bin/")
		command, _, _ = strings.Cut(command, "\n")
		if command = strings.ReplaceAll(command, "%d/", "/etc/catfoster/"); command == "" || !strings.Contains(page, command) {
			t.Errorf("%s runs %q, which docs/production.md does not", filepath.Base(unit), command)
		}
		for _, line := range []string{"NoNewPrivileges=yes", "ProtectSystem=strict", "DynamicUser=yes", "CapabilityBoundingSet="} {
			if !strings.Contains(string(text), "\n"+line+"\n") {
				t.Errorf("%s has no line %s", filepath.Base(unit), line)
			}
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("NOT RUN: systemd-analyze verify. It needs systemd.")
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if output, err := exec.CommandContext(ctx, analyze, append([]string{"verify"}, units...)...).CombinedOutput(); err != nil || len(output) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, output)
	}
}
