# What can be seen of syncs from the server: the jobs behind them, the daily
# entry with its last runs, and the newest lines of the logs.
module Seatdeck
  class Observe
    NAMES = %w[
      sync_seat_link_worker historical_data_worker analytics_usage_trends_count_job_trigger_worker
      users_create_statistics_worker gitlab_service_ping_worker
    ].freeze
    TAIL = 1_048_576 # bytes of a log that are looked at, from its end
    MOST = 40

    def initialize(host)
      @host = host
      @jobs = Jobs.new(host)
    end

    def ask
      @host.fact('version', false) { @host.word(::Gitlab::VERSION) }
      %w[waiting running scheduled retrying dead].each { |name| @host.fact(name, false) { @jobs.public_send(name) } }
      @host.fact('queue', false) { @jobs.queue_card }
      @host.fact('sidekiq_processes', false) { @jobs.processes }
      @host.fact('cron', false) { cron }
      @host.fact('logs', false) { logs }
    end

    private

    def cron
      @host.needs(defined?(::Sidekiq::Cron::Job))
      NAMES.map { |name| entry(name, ::Sidekiq::Cron::Job.find(name)) }.compact
    end

    def entry(name, job)
      return nil if job.nil?

      {
        'name' => name, 'status' => @host.word(job.status), 'cron' => @host.word(job.cron),
        'last' => @host.maybe { @host.moment(job.last_enqueue_time) }, 'next' => @host.maybe { upcoming(job) },
        'runs' => @host.maybe { runs(job) }
      }
    end

    def upcoming(job)
      defined?(::Fugit) ? @host.moment(::Fugit.parse_cron(job.cron).next_time.to_i) : nil
    end

    def runs(job)
      @host.needs(job.respond_to?(:jid_history_from_redis))
      job.jid_history_from_redis.to_a.first(10).map { |run| { 'jid' => @host.word(run['jid'], 64), 'at' => @host.moment(run['enqueued']) } }
    end

    # Each log with what became of reading it, and the newest lines of all.
    def logs
      folder = defined?(::Rails) && ::Rails.respond_to?(:root) ? ::Rails.root.join('log').to_s : '/var/log/gitlab/gitlab-rails'
      files = ['/var/log/gitlab/sidekiq/current'] + %w[sidekiq sidekiq_client exceptions_json].map { |name| "#{folder}/#{name}.log" }
      lines = []
      states = files.map { |path| { 'file' => path, 'state' => scan(path, lines) } }
      { 'files' => states, 'lines' => lines.sort_by { |line| line['at'].to_s }.last(MOST) }
    end

    def scan(path, lines)
      return 'missing' unless File.exist?(path)
      return 'denied' unless File.readable?(path)

      tail(path).each_line do |raw|
        next unless raw.include?('SeatLink') || raw.include?('SubscriptionPortal')

        line = @host.maybe { JSON.parse(raw.force_encoding(Encoding::UTF_8).scrub('?')) }
        lines << card(path, line) if line.is_a?(Hash)
      end
      'read'
    end

    def tail(path)
      File.open(path, 'rb') do |file|
        file.seek([file.size - TAIL, 0].max)
        file.read(TAIL).to_s
      end
    end

    def card(path, line)
      {
        'file' => path, 'at' => @host.maybe { @host.moment(line['time']) }, 'severity' => @host.word(line['severity'], 20),
        'class' => @host.word(line['class']), 'jid' => @host.word(line['jid'], 64), 'status' => @host.word(line['job_status'], 40),
        'seconds' => @host.maybe { Float(line['duration_s']) },
        'error_class' => @host.word(line['exception.class'] || line['error_class']),
        'error_text' => @host.text(line['exception.message'] || line['error_message'], 400)
      }
    end
  end
end

Seatdeck.run('observe') { |host| Seatdeck::Observe.new(host).ask }
