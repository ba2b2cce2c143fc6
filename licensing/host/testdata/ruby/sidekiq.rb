# Sidekiq as far as its API is read. One job is queued, is run after a moment,
# and ends as the portal decides; all of it follows the clock.
LICENCE_KEY = 'bGljZW5jZSBrZXkgdGhhdCBtdXN0IG5ldmVyIGxlYXZlIHRoZSBzZXJ2ZXIgYXQgYWxsIQ'.freeze

class Entry
  attr_reader :klass, :jid, :queue, :at

  def initialize(klass, jid, at: nil, error: nil)
    @klass, @jid, @queue, @at, @error = klass, jid, klass.queue_name, at, error
  end

  def klass
    @klass.name
  end

  def created_at
    Time.now.utc - 60
  end

  def enqueued_at
    Time.now.utc - 59
  end

  def [](key)
    failed = Time.now.to_f - 30
    {
      'error_class' => @error && 'SyncSeatLinkRequestWorker::RequestError', 'error_message' => @error,
      'retry_count' => @error && 2, 'failed_at' => @error && (ERA >= 18 ? (failed * 1000).to_i : failed)
    }[key]
  end

  %i[args item value inspect delete retry kill reschedule add_to_queue].each do |name|
    define_method(name) { |*| done("TOUCHED #{name}") || LICENCE_KEY }
  end
end

# Where the one job is.
module Line
  WAIT = 0.15
  RUN = 0.15
  @jobs = []

  class << self
    attr_reader :jobs

    def push(klass, jid = format('%024x', 0xfeed00 + @jobs.size))
      raise 'Sidekiq::Worker::EnqueueFromTransactionError' if ApplicationRecord.open

      done("queue #{klass.name}")
      @jobs << [klass, jid, clock]
      jid
    end

    def stale
      push_quietly(SyncSeatLinkRequestWorker, 'aaaaaaaaaaaaaaaaaaaaaaaa')
    end

    def push_quietly(klass, jid)
      @jobs << [klass, jid, clock]
    end

    def where(state)
      step
      @jobs.select { |_, _, since| at(since) == state }.map { |klass, jid, _| [klass, jid] }
    end

    def at(since)
      return 'waiting' if STATE.include?('busy')

      age = clock - since
      return 'waiting' if age < WAIT
      return 'running' if age < WAIT + RUN || PORTAL == 'slow'

      'over'
    end

    # The daily worker queues the request in its turn.
    def step
      return if @passed || STATE.include?('busy')

      outer = @jobs.find { |klass, _, since| klass == SyncSeatLinkWorker && at(since) == 'over' }
      return unless outer

      @passed = true
      @jobs << [SyncSeatLinkRequestWorker, 'bbbbbbbbbbbbbbbbbbbbbbbb', clock]
    end

    def finished?
      step
      @jobs.any? { |klass, _, since| klass == SyncSeatLinkRequestWorker && at(since) == 'over' }
    end
  end
end

module Sidekiq
  class ProcessSet
    def initialize(clean = true)
      done('TOUCHED ProcessSet cleanup') if clean
    end

    def count
      STATE.include?('busy') ? 0 : 2
    end
  end

  class Queue
    include Enumerable

    def initialize(name)
      @name = name
    end

    def size
      Line.where('waiting').size
    end

    def latency
      STATE.include?('busy') ? 4711.0 : 0
    end

    def each
      Line.where('waiting').each { |klass, jid| yield Entry.new(klass, jid) }
    end

    def clear
      done('TOUCHED clear')
    end
  end

  class JobSet
    include Enumerable

    def each(&block)
      list.each(&block)
    end

    if ERA >= 14
      def scan(pattern, &block)
        found = list.select { |entry| entry.klass.include?(pattern) }
        block ? found.each(&block) : found.each
      end
    end

    %i[clear retry_all kill_all].each { |name| define_method(name) { done("TOUCHED #{name}") } }
  end

  class RetrySet < JobSet
    def list
      found = [Entry.new(OtherWorker, 'c' * 24, at: Time.now.utc, error: "token=#{LICENCE_KEY}")]
      if STATE.include?('retrying')
        found << Entry.new(SyncSeatLinkRequestWorker, 'd' * 24, at: Time.now.utc + 3600, error: 'HTTP status code: 402')
      end
      return found unless PORTAL == 'refuse' && Line.finished?

      text = "The licence key #{LICENCE_KEY} of mira@nordhafen.example was refused\nat https://u:p@portal.example"
      found << Entry.new(SyncSeatLinkRequestWorker, Line.jobs.last[1], at: Time.now.utc + 3600, error: text)
    end
  end

  class DeadSet < JobSet
    def list
      return [] unless PORTAL == 'dead' && Line.finished?

      [Entry.new(SyncSeatLinkRequestWorker, Line.jobs.last[1], at: Time.now.utc, error: 'HTTP status code: 503')]
    end
  end

  class ScheduledSet < JobSet
    def list
      []
    end
  end

  Work = Struct.new(:job, :queue, :run_at)

  class Workers
    def each
      Line.where('running').each do |klass, jid|
        payload = { 'jid' => jid, 'class' => klass.name, 'args' => [1, LICENCE_KEY] }
        payload = JSON.generate(payload) if ERA == 14
        old = { 'payload' => payload, 'queue' => 'default', 'run_at' => Time.now.to_i }
        yield 'process', 'thread', (ERA >= 17 ? Work.new(Entry.new(klass, jid), 'default', Time.now) : old)
      end
    end
  end
  WorkSet = Workers if ERA >= 14

  class Stats
    def enqueued
      Line.where('waiting').size
    end

    def retry_size
      1
    end

    def dead_size
      0
    end

    def failed
      42
    end

    def processes_size
      2
    end
  end
end

class OtherWorker
  def self.queue_name
    'default'
  end
end

class SyncSeatLinkRequestWorker
  def self.queue_name
    ERA >= 14 ? 'default' : 'sync_seat_link_request'
  end

  def self.queue
    queue_name
  end

  def self.perform_async(*)
    return nil if Line.where('waiting').any? { |klass, _| klass == self }

    Line.push(self)
  end
end

class SyncSeatLinkWorker < SyncSeatLinkRequestWorker
  def self.perform_async(*)
    Line.push(self)
  end
end
