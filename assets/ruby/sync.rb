# One sync, as the page's button asks for it, and what became of it. The job
# does the talking to the portal; this program queues it once and watches.
module Seatdeck
  class Sync
    QUIET = 15 # seconds: a worker reports what it runs every ten
    SELDOM = 5 # looks

    def initialize(host)
      @host = host
      @jobs = Jobs.new(host)
      @poll = host.params.fetch('poll', 1).to_f
      @quiet = host.params.fetch('quiet', QUIET).to_f
    end

    def run
      return unless checked && clear
      return unless triggered

      follow
      finish
    end

    private

    def checked
      @host.stage('check', 'begin')
      Eligibility.ask(@host)
      refusal = Eligibility.refusal(@host)
      @host.stage('check', refusal ? 'refused' : 'done', 'reason' => refusal)
      Packet.ask(@host) # also what would have been sent
      @host.put('refusal', refusal)
      @host.put('verdict', 'refused') if refusal
      return false if refusal

      @host.stage('packet', 'done', 'packet' => @host.known('packet'))
      true
    end

    # A failed job that waits for its next try is shown; a second one is not added.
    def clear
      waits = @host.known('retrying')
      return unclear if waits.nil?
      return true if waits.empty?

      @host.put('job', waits.first)
      @host.put('verdict', 'retry-waiting')
      @host.stage('retry', 'retry', waits.first)
      false
    end

    def unclear
      @host.put('refusal', 'unclear')
      @host.put('verdict', 'refused')
      false
    end

    # The one place of this program that changes something. Its first line tells
    # whoever listens that from here on something may have been sent; with nobody
    # listening that line cannot be written, and nothing is sent.
    def triggered
      @before = @host.known('last_sync')
      @old = @jobs.all.map { |job| job['jid'] }
      @host.stage('trigger', 'begin', 'way' => @host.known('way'))
      @host.put('sent', 'unknown')
      @jid = trigger
      @host.put('sent', @jid ? 'yes' : 'no')
      @joined = @jid ? nil : @jobs.waiting.to_a.find { |job| job['class'] == Jobs::REQUEST }
      @jid ||= @joined && @joined['jid']
      @host.put('jid', @host.word(@jid, 64))
      @host.put('joined', !@joined.nil?)
      @host.stage('trigger', 'done', 'jid' => @host.word(@jid, 64), 'joined' => !@joined.nil?)
      @host.put('verdict', 'not-queued') if @jid.nil?
      !@jid.nil?
    end

    def trigger
      case @host.known('way')
      when 'button' then ::Gitlab::SeatLinkData.new(refresh_token: true).sync
      when 'sync' then ::Gitlab::SeatLinkData.new.sync
      when 'worker' then ::SyncSeatLinkWorker.perform_async
      end
    end

    # Looks until the time of the last sync moved, the job failed, or it is gone
    # and stays so.
    def follow
      gone = nil
      loop do
        job = mine
        state = state_of(job, moved?)
        tell(state, job)
        return if %w[done retry dead].include?(state)

        gone = state == 'gone' ? (gone || @host.clock) : nil
        return if gone && @host.clock - gone >= @quiet
        return if @host.left <= 0

        @host.pause(@poll)
      end
    end

    # A process goes on reporting a job for some seconds after its end, so the
    # time of the last sync counts for more than that.
    def state_of(job, moved)
      return job['state'] if job && (!moved || %w[retry dead].include?(job['state']))

      moved ? 'done' : 'gone'
    end

    # Our job, by its id. Where only the outer job could be queued, the request it
    # queues in its turn counts as ours.
    def mine
      all = @jobs.all
      all.find { |job| job['jid'] == @jid } || (@host.known('way') == 'worker' ? all.find { |job| !@old.include?(job['jid']) } : nil)
    end

    def moved?
      now = @host.maybe { Eligibility.last_sync(@host) }
      @host.put('last_sync_after', now)
      !now.nil? && now != @before
    end

    # What is not new is told again now and then: somebody may be watching.
    def tell(state, job)
      @host.put('job', job) if job
      @looks = state == @told ? @looks + 1 : 0
      return unless (@looks % SELDOM).zero?

      @told = state
      @host.stage('job', state, job || {})
    end

    def finish
      words = { 'done' => 'moved', 'gone' => 'unmoved' }
      @host.put('verdict', words.fetch(@told, @told))
      @host.fact('license_after') { Eligibility.card(@host, ::License.respond_to?(:load_license) ? ::License.load_license : ::License.current) }
    end
  end
end

Seatdeck.run('sync') { |host| Seatdeck::Sync.new(host).run }
