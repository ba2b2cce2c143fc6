# The frame of every program: one clean way out, facts that fail one by one, a
# fence around reads, and a deadline of its own.
#
# Nothing but marked lines leaves on the real standard output. Facts are asked
# by reflection, never by version, so that an unknown edition or version says
# what it lacks instead of breaking.
require 'json'
require 'time'
STDOUT.flush
SEATDECK_OUT = STDOUT.dup
STDOUT.reopen(STDERR)

module Seatdeck
  SCHEMA = 1
  STATEMENT_MS = 20_000

  # Raised by a fact that this version of GitLab does not have.
  class Missing < StandardError; end

  class Host
    attr_reader :params

    def initialize(program, nonce)
      @program = program
      @mark = "@seatdeck-#{nonce}"
      @began = clock
      @params = {}
      @facts = {}
      @missing = []
      @failed = {}
    end

    def load(words)
      @params = JSON.parse(words.to_s.tr('-_', '+/').unpack1('m'))
    end

    def clock
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # Seconds until this program must come to its end.
    def left
      params.fetch('seconds', 30).to_f - (clock - @began)
    end

    def pause(seconds)
      sleep([seconds.to_f, [left, 0].max].min)
    end

    # Asks one thing. What it raises stays with it.
    def fact(name, fence = true)
      @facts[name] = fence ? fenced { yield } : yield
    rescue Missing
      @missing << name
      nil
    rescue StandardError, ScriptError, SystemStackError => e
      @failed[name] = why(e)
      nil
    end

    def put(name, known)
      @facts[name] = known
    end

    def known(name)
      @facts[name]
    end

    def needs(present)
      raise Missing unless present
    end

    # The value, or nil where asking for it fails.
    def maybe
      yield
    rescue StandardError, ScriptError
      nil
    end

    # Reads in a transaction that PostgreSQL lets write nothing.
    def fenced
      return yield unless fence?

      ::ApplicationRecord.transaction do
        bar
        yield
      end
    end

    def fence?
      return @fence unless @fence.nil?

      @fence = defined?(::ApplicationRecord) ? ::ApplicationRecord.transaction { bar } : false
    rescue StandardError
      @fence = false
    end

    def bar
      connection = ::ApplicationRecord.connection
      connection.execute('SET TRANSACTION READ ONLY')
      connection.execute("SET LOCAL statement_timeout = #{STATEMENT_MS}")
      true
    end

    # Reads past the query cache, which newer runners switch on.
    def uncached
      return yield unless defined?(::ApplicationRecord) && ::ApplicationRecord.respond_to?(:uncached)

      ::ApplicationRecord.uncached { yield }
    end

    def why(error)
      return "#{error.class}: #{text(error.name)}" if error.is_a?(NameError)

      "#{error.class}: #{text(error.message.to_s.lines.first)}"
    end

    # One clipped line without what looks like a key, a token or a person.
    def text(words, most = 300)
      return nil if words.nil?

      line = words.to_s.dup.force_encoding(Encoding::UTF_8).scrub('?').tr("\r\n\t", '   ')
      line = line.gsub(%r{//[^/@\s]*@}, '//[removed]@')
      line = line.gsub(/[^\s@<>"']+@[^\s@<>"']+\.[A-Za-z]{2,}/, '[removed]')
      line = line.gsub(%r{[A-Za-z0-9+/=]{60,}|[A-Za-z0-9+=_-]{32,}|\bgl[a-z]{2,8}-[A-Za-z0-9_.-]{6,}}, '[removed]')
      line[0, most]
    end

    # A plain name or identifier, clipped.
    def word(words, most = 200)
      words.nil? ? nil : words.to_s.dup.force_encoding(Encoding::UTF_8).scrub('?')[0, most]
    end

    # ISO 8601 in UTC. Sidekiq 8 counts milliseconds where older ones count seconds.
    def moment(at)
      case at
      when nil, '' then nil
      when Numeric then Time.at(at > 100_000_000_000 ? at / 1000.0 : at).utc.iso8601(3)
      when String then Time.parse(at).utc.iso8601(3)
      else at.respond_to?(:utc) ? at.utc.iso8601(3) : at.to_time.utc.iso8601(3)
      end
    end

    def day(at)
      at.nil? ? nil : at.strftime('%Y-%m-%d')
    end

    def number(count)
      count.is_a?(Numeric) ? count : maybe { Integer(count) }
    end

    # The first of the names that the object answers to.
    def first_of(object, *names)
      name = names.find { |n| object.respond_to?(n) }
      needs(name)
      object.public_send(name)
    end

    def stage(name, state, more = {})
      line('stage', more.merge('stage' => name, 'state' => state, 'told' => moment(Time.now)))
    end

    def line(kind, members)
      out = JSON.generate({ 'line' => kind, 'schema' => SCHEMA }.merge(members), ascii_only: true)
      SEATDECK_OUT.write("\n#{@mark} #{out}\n")
      SEATDECK_OUT.flush
    end

    def answer(error)
      members = { 'program' => @program, 'facts' => @facts, 'missing' => @missing, 'failed' => @failed, 'fenced' => @fence }
      members['error'] = error && { 'class' => error.class.name, 'message' => why(error), 'where' => where(error) }
      line('answer', members)
    end

    def where(error)
      word(error.backtrace.to_a.first.to_s.sub(Dir.pwd, ''), 160)
    end
  end

  def self.run(program)
    nonce, words = ARGV
    host = Host.new(program, nonce)
    error = nil
    begin
      host.load(words)
      host.line('ready', 'program' => program, 'gitlab' => (defined?(::Gitlab::VERSION) ? ::Gitlab::VERSION.to_s : nil))
      yield host
    rescue Exception => e # rubocop:disable Lint/RescueException -- an answer is owed whatever happens
      error = e
    end
    host.answer(error)
  end
end
