# Sidekiq's queue and sets, read only: which sync jobs wait, run, failed or were
# given up. Arguments of jobs are never touched: one of them is the licence key.
module Seatdeck
  class Jobs
    OURS = 'SyncSeatLink'.freeze
    REQUEST = 'SyncSeatLinkRequestWorker'.freeze
    LONG = 20_000 # a longer queue is not walked through

    def initialize(host)
      @host = host
    end

    def processes
      ::Sidekiq::ProcessSet.new(false).count
    end

    def queue_name
      worker = defined?(::SyncSeatLinkRequestWorker) ? ::SyncSeatLinkRequestWorker : nil
      worker.respond_to?(:queue) ? worker.queue.to_s : 'default'
    end

    def queue_card
      routed do
        queue = ::Sidekiq::Queue.new(queue_name)
        { 'name' => @host.word(queue_name), 'size' => queue.size, 'latency' => queue.latency.to_f.round(1) }
      end
    end

    def retrying
      among(::Sidekiq::RetrySet, 'retry')
    end

    def dead
      among(::Sidekiq::DeadSet, 'dead')
    end

    def scheduled
      among(::Sidekiq::ScheduledSet, 'scheduled')
    end

    # Every sync job that waits in the queue; nil when the queue is too long.
    def waiting
      routed do
        queue = ::Sidekiq::Queue.new(queue_name)
        next nil if queue.size > LONG

        queue.select { |job| ours?(job.klass) }.map { |job| card(job, 'waiting') }
      end
    end

    # Every sync job that runs, as far as the processes reported it.
    def running
      found = []
      routed do
        (defined?(::Sidekiq::WorkSet) ? ::Sidekiq::WorkSet : ::Sidekiq::Workers).new.each do |_process, _thread, work|
          one = busy(work)
          found << one if one && ours?(one['class'])
        end
      end
      found
    end

    # All sync jobs. One moves from the queue to a worker and from there to a
    # set, and this looks in the same order, so that none slips through.
    def all
      waiting.to_a + running + scheduled + retrying + dead
    end

    private

    def ours?(name)
      name.to_s.start_with?(OURS)
    end

    def among(set, state)
      routed do
        entries = set.new
        entries = entries.respond_to?(:scan) ? entries.scan(OURS) : entries
        entries.select { |entry| ours?(entry.klass) }.map { |entry| card(entry, state) }
      end
    end

    def card(entry, state)
      {
        'state' => state, 'jid' => @host.word(entry.jid, 64), 'class' => @host.word(entry.klass), 'queue' => @host.word(entry.queue),
        'created' => @host.maybe { @host.moment(entry.created_at) }, 'enqueued' => @host.maybe { @host.moment(entry.enqueued_at) },
        'at' => entry.respond_to?(:at) ? @host.maybe { @host.moment(entry.at) } : nil,
        'error_class' => @host.word(entry['error_class']), 'error_text' => @host.text(entry['error_message'], 400),
        'retries' => @host.maybe { @host.number(entry['retry_count']) },
        'failed' => @host.maybe { @host.moment(entry['failed_at']) }, 'retried' => @host.maybe { @host.moment(entry['retried_at']) }
      }
    end

    # A running job is an object in newer versions of Sidekiq, a hash with a hash
    # or with JSON in it in older ones.
    def busy(work)
      if work.respond_to?(:job)
        jid, name, queue, since = work.job.jid, work.job.klass, work.queue, work.run_at
      else
        job = work['payload']
        job = JSON.parse(job) if job.is_a?(String)
        jid, name, queue, since = job['jid'], job['class'], work['queue'], work['run_at']
      end
      {
        'state' => 'running', 'jid' => @host.word(jid, 64), 'class' => @host.word(name), 'queue' => @host.word(queue),
        'at' => @host.maybe { @host.moment(since) }
      }
    rescue StandardError
      nil
    end

    # Instances that spread Sidekiq over several stores have their own way there.
    def routed
      router = defined?(::Gitlab::SidekiqSharding::Router) ? ::Gitlab::SidekiqSharding::Router : nil
      return yield unless router.respond_to?(:route) && defined?(::SyncSeatLinkRequestWorker)

      router.route(::SyncSeatLinkRequestWorker) { yield }
    end
  end
end
