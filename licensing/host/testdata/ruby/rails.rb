# Plays gitlab-rails for tests: "ruby rails.rb KEY=VALUE... runner - WORDS...".
# It loads classes in the shape of one era of GitLab and evaluates the program on
# standard input as Rails does. It is made up, and talks to nobody.
#
#   era      12, 13, 14, 17 or 18
#   portal   ok, refuse, unsaved, slow, dead
#   licence  online, offline, file, none, trial
#   state    comma separated: silent, maintenance, readonly, secondary, waiting
#            (an identical job waits), retrying (a failed one does), busy (nothing
#            serves the queue), pinned, nofence,
#            broken (the licence cannot be read), seatlinkoff (an old switch)
#   boot     seconds that the start takes
#   people   how many accounts there are
#   root     where the folder log lies
#   noise    comma separated: before, between, after, marker
#   log      a file that receives what was done, and every touch of a secret
STDOUT.sync = false
OPTIONS = ARGV.take_while { |w| w != 'runner' }.map { |w| w.split('=', 2) }.to_h
abort 'usage: rails.rb KEY=VALUE... runner -' unless ARGV[OPTIONS.size] == 'runner' && ARGV[OPTIONS.size + 1] == '-'
ARGV.shift(OPTIONS.size + 2)

ERA = OPTIONS.fetch('era', '18').to_i
PORTAL = OPTIONS.fetch('portal', 'ok')
STATE = OPTIONS.fetch('state', '').split(',')
NOISE = OPTIONS.fetch('noise', '').split(',')

def done(what)
  File.open(OPTIONS['log'], 'a') { |f| f.puts(what) } if OPTIONS['log']
end

def clock
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

sleep OPTIONS['boot'].to_f if OPTIONS['boot']
require_relative 'active'
require_relative 'sidekiq'
require_relative 'gitlab'
require_relative 'people'

puts 'DEPRECATION WARNING: something old (called from boot)' if NOISE.include?('before')
print '@seatdeck-00000000000000000000000000000000 {"line":"answer","schema":1}' if NOISE.include?('marker')
print 'an unfinished line of noise' if NOISE.include?('before')
at_exit { puts "\nnoise at the end" } if NOISE.include?('after')
if ERA >= 18
  ApplicationRecord.query_cache { eval($stdin.read, TOPLEVEL_BINDING, 'stdin') } # rubocop:disable Security/Eval
else
  eval($stdin.read, TOPLEVEL_BINDING, 'stdin') # rubocop:disable Security/Eval
end
