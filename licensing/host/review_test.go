package host

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"seatdeck/assets"
)

// refused are expressions that no program may have: they change something, or
// bring out what must stay on the server (gitlab-host §3.1, §6.1, §9.1).
var refused = map[string]*regexp.Regexp{
	"queues a job":              regexp.MustCompile(`\bperform_(async|in|at|bulk|inline|now|later)\b|\bbulk_perform|\.set\(`),
	"runs a worker here":        regexp.MustCompile(`\.perform\b`),
	"asks for a sync":           regexp.MustCompile(`\.sync\b`),
	"saves a row":               regexp.MustCompile(`\.(save|update|touch|destroy|delete|create|upsert|insert|increment|decrement|toggle|track|truncate)(_(all|by|by_id|columns?|attributes?|later|now|or_find_by|with))?\b|_or_(create|initialize)`),
	"calls what ends in !":      regexp.MustCompile(`\.\w+!(?:[^=~]|$)`),
	"moves a job":               regexp.MustCompile(`\.(retry|kill|reschedule|add_to_queue|clear|retry_all|kill_all|quiet|stop|enque|enqueue)\b`),
	"switches an operation":     regexp.MustCompile(`\b(enable|disable)!|Feature\.(enable|disable)|\bFeature\b`),
	"touches a cache":           regexp.MustCompile(`\bcache\.(?:write|delete|fetch|clear|increment)|\bexpire_|reset_memoized`),
	"reads a job's arguments":   regexp.MustCompile(`\.(args|item|value|display_args|error_backtrace)\b|\[['"](args|item|value)['"]\]`),
	"reads the licence's text":  regexp.MustCompile(`\.(data|attributes|serializable_hash|license_key)\b`),
	"shows an object whole":     regexp.MustCompile(`\b(inspect|pretty_inspect|awesome_inspect|pp)\b|(^|[^.\w])(p|puts|print|printf|warn|putc)\b[ (]`),
	"makes tokens":              regexp.MustCompile(`runners_registration_token|health_check_access_token|error_tracking_access_token`),
	"makes the settings row":    regexp.MustCompile(`ApplicationSetting\.current\b|ApplicationSetting\.(last|first|all)`),
	"makes a payload":           regexp.MustCompile(`ServicePingReport|UsageData\b(?:[^:]|$).*\bfor\b|UsageData\.uncached_data|SubmitService`),
	"loads a payload":           regexp.MustCompile(`:payload\b|\.payload\b`),
	"asks the network":          regexp.MustCompile(`VersionCheck|Net::HTTP|Gitlab::HTTP\b|SubscriptionPortal::|URI\.open|\bTCPSocket|open-uri`),
	"activates or loads":        regexp.MustCompile(`ActivateService|DestroyService|License\.(new|create|history)`),
	"runs something":            regexp.MustCompile("`|%x|\\bsystem\\b|\\bexec\\b|\\bspawn\\b|\\bfork\\b|Open3|IO\\.popen|Kernel\\."),
	"evaluates text":            regexp.MustCompile(`\b(eval|instance_eval|class_eval|module_eval|instance_variable_set|define_method|const_get|constantize|Marshal|YAML)\b`),
	"writes a file":             regexp.MustCompile(`File\.(write|delete|rename|unlink|chmod|symlink)|FileUtils|['"](w|a|r\+|w\+|a\+|wb|ab)['"]|\bIO\.(write|binwrite)|Dir\.(mk|rm)`),
	"cleans the process set":    regexp.MustCompile(`ProcessSet\.new(\(true\))?(?:[^(]|$)`),
	"asks users one by one":     regexp.MustCompile(`using_license_seat\?|\.highest_role\b`),
	"asks for personal data":    regexp.MustCompile(`\b(email|username|current_sign_in_ip|last_sign_in_ip)\b`),
	"ends the process":          regexp.MustCompile(`\bexit!?\b|\babort\b|\bat_exit\b`),
	"goes by a version":         regexp.MustCompile(`VERSION\s*[<>=]|Gem::Version|VersionInfo`),
	"interrupts database calls": regexp.MustCompile(`Timeout\.timeout`),
}

// allowed are the exceptions: in which part, which code, and how often. All that
// changes anything is the one trigger of a sync.
var allowed = map[string]map[string]int{
	"sync.rb: queues a job": {
		"when 'worker' then ::SyncSeatLinkWorker.perform_async": 1,
	},
	"sync.rb: asks for a sync": {
		"when 'button' then ::Gitlab::SeatLinkData.new(refresh_token: true).sync": 1,
		"when 'sync' then ::Gitlab::SeatLinkData.new.sync":                        1,
	},
}

// comments of Ruby: from a # at the beginning of a line or after a blank, not
// followed by a brace, which would be interpolation.
var comment = regexp.MustCompile(`(^|\s)#[^{].*$`)

// findings reviews one part.
func findings(name, text string) (out []string) {
	left := map[string]map[string]int{}
	for line := range strings.Lines(text) {
		code := strings.TrimSpace(comment.ReplaceAllString(strings.TrimRight(line, "\n"), ""))
		for what, pattern := range refused {
			if !pattern.MatchString(code) {
				continue
			}
			key := name + ": " + what
			if left[key] == nil {
				left[key] = map[string]int{}
			}
			if left[key][code]++; left[key][code] > allowed[key][code] {
				out = append(out, key+": "+code)
			}
		}
	}
	slices.Sort(out)
	return out
}

func parts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	names, err := fs.Glob(assets.FS, "ruby/*.rb")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		b, err := assets.FS.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimPrefix(n, "ruby/")] = string(b)
	}
	return out
}

func TestProgramsDoNotWrite(t *testing.T) {
	used := map[string]bool{}
	for name, text := range parts(t) {
		for _, f := range findings(name, text) {
			t.Error(f)
		}
		for i := range len(text) {
			if text[i] > 0x7e || text[i] < 0x20 && text[i] != '\n' {
				t.Fatalf("%s: byte %#x at %d: programs are plain ASCII", name, text[i], i)
			}
		}
	}
	for program, list := range programs {
		if list[0] != "prelude" {
			t.Errorf("%s does not begin with the prelude", program)
		}
		for _, part := range list {
			used[part+".rb"] = true
		}
		text, err := source(program)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(text, fmt.Sprintf("Seatdeck.run('%s')", program)); n != 1 {
			t.Errorf("%s runs %d times", program, n)
		}
		if strings.Contains(text, "perform_async") != (program == "sync") {
			t.Errorf("%s: only the sync may queue a job", program)
		}
	}
	for name := range parts(t) {
		if !used[name] {
			t.Errorf("%s belongs to no program", name)
		}
	}
}

// Each rule must bite, or it proves nothing.
func TestTheReviewFindsWhatItLooksFor(t *testing.T) {
	examples := map[string]string{
		"queues a job":              "SyncSeatLinkRequestWorker.perform_async(1)",
		"runs a worker here":        "SyncSeatLinkRequestWorker.new.perform(1)",
		"asks for a sync":           "::Gitlab::SeatLinkData.new.sync",
		"saves a row":               "License.current.update_column(:x, 1)",
		"calls what ends in !":      "job.enque!",
		"moves a job":               "entry.retry",
		"switches an operation":     "Feature.enable(:x)",
		"touches a cache":           "Rails.cache.fetch('x') { 1 }",
		"reads a job's arguments":   "entry.args",
		"reads the licence's text":  "License.current.data",
		"shows an object whole":     "line(x.inspect)",
		"makes tokens":              "s.runners_registration_token",
		"makes the settings row":    "::ApplicationSetting.current",
		"makes a payload":           "Gitlab::Usage::ServicePingReport.for(output: :x)",
		"loads a payload":           "RawUsageData.pluck(:payload)",
		"asks the network":          "VersionCheck.new.response",
		"activates or loads":        "License.history",
		"runs something":            "system('id')",
		"evaluates text":            "eval(x)",
		"writes a file":             "File.open(x, 'w')",
		"cleans the process set":    "::Sidekiq::ProcessSet.new.count",
		"asks users one by one":     "u.using_license_seat?",
		"asks for personal data":    "pluck(:email)",
		"ends the process":          "exit 3",
		"goes by a version":         "if Gitlab::VERSION >= '16'",
		"interrupts database calls": "Timeout.timeout(3) { 1 }",
	}
	for what := range refused {
		code, ok := examples[what]
		if !ok {
			t.Errorf("no example for %q", what)
		}
		if got := findings("x.rb", "  "+code+"\n"); !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "x.rb: "+what+": ") }) {
			t.Errorf("%q was not found in %q: %v", what, code, got)
		}
		if got := findings("x.rb", "# "+code+"\n"); len(got) > 0 {
			t.Errorf("a comment counts: %v", got)
		}
	}
}
