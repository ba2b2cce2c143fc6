# What decides whether a sync can be asked for now. Nothing here changes anything.
module Seatdeck
  module Eligibility
    module_function

    def ask(host)
      edition(host)
      licence(host)
      gates(host)
      sidekiq(host)
      host.fact('proxies', false) { proxies(host) }
      host.fact('way', false) { way }
    end

    def edition(host)
      host.fact('version', false) { host.word(::Gitlab::VERSION) }
      host.fact('ee', false) do
        ::Gitlab.respond_to?(:ee?) ? ::Gitlab.ee? : !defined?(::License).nil?
      end
    end

    def licence(host)
      host.fact('license') do
        host.needs(defined?(::License))
        card(host, ::License.current)
      end
      host.fact('last_sync') { last_sync(host) }
      host.fact('eligible') { eligible(host) }
    end

    # The licence without its key: false stands for "none".
    def card(host, licence)
      return false if licence.nil?

      {
        'id' => host.maybe { licence.id }, 'number' => host.maybe { host.word(licence.license_id) },
        'plan' => host.maybe { host.word(licence.plan) }, 'kind' => kind(host, licence),
        'starts' => host.maybe { host.day(licence.starts_at) }, 'ends' => host.maybe { host.day(licence.expires_at) },
        'trial' => host.maybe { licence.trial? ? true : false },
        'seats' => host.maybe { host.first_of(licence, :seats, :restricted_user_count) }
      }
    end

    def kind(host, licence)
      return host.word(licence.license_type) if licence.respond_to?(:license_type)

      licence.respond_to?(:cloud_license?) && licence.cloud_license? ? 'online_cloud' : 'legacy_license'
    end

    def last_sync(host)
      host.needs(defined?(::License))
      host.uncached do
        licence = ::License.respond_to?(:load_license) ? ::License.load_license : ::License.current
        host.needs(licence.nil? || licence.respond_to?(:last_synced_at))
        licence && host.moment(licence.last_synced_at)
      end
    end

    # The instance's own word where it has one; before, the worker's old rule: a
    # licence that is no trial, until two weeks after its end.
    def eligible(host)
      host.needs(defined?(::License) && (defined?(::Gitlab::SeatLinkData) || defined?(::SyncSeatLinkWorker)))
      if defined?(::Gitlab::SeatLinkData) && ::Gitlab::SeatLinkData.method_defined?(:should_sync_seats?)
        return ::Gitlab::SeatLinkData.new.should_sync_seats? ? true : false
      end
      licence = ::License.current
      return false if licence.nil? || licence.trial?

      (licence.expires_at.nil? || Date.today <= licence.expires_at + 14) && seat_link_on?
    end

    def seat_link_on?
      settings = defined?(::Gitlab::CurrentSettings) ? ::Gitlab::CurrentSettings : nil
      settings.respond_to?(:seat_link_enabled?) ? settings.seat_link_enabled? == true : true
    end

    def gates(host)
      host.fact('silent_mode') do
        host.needs(defined?(::Gitlab::SilentMode))
        ::Gitlab::SilentMode.enabled? ? true : false
      end
      host.fact('maintenance') do
        host.needs(::Gitlab.respond_to?(:maintenance_mode?))
        ::Gitlab.maintenance_mode? ? true : false
      end
      host.fact('read_only') do
        host.needs(defined?(::Gitlab::Database) && ::Gitlab::Database.respond_to?(:read_only?))
        ::Gitlab::Database.read_only? ? true : false
      end
      host.fact('secondary') do
        host.needs(defined?(::Gitlab::Geo) && ::Gitlab::Geo.respond_to?(:secondary?))
        ::Gitlab::Geo.secondary? ? true : false
      end
    end

    def sidekiq(host)
      jobs = Jobs.new(host)
      host.fact('sidekiq_processes', false) { jobs.processes }
      host.fact('queue', false) { jobs.queue_card }
      host.fact('retrying', false) { jobs.retrying }
    end

    # The proxies Rails has, without the passwords in them.
    def proxies(host)
      host.needs(defined?(::Gitlab::HTTP_PROXY_ENV_VARS))
      ENV.slice(*::Gitlab::HTTP_PROXY_ENV_VARS).transform_values { |url| host.text(url) }
    end

    # How this version lets a sync be asked for.
    def way
      if defined?(::Gitlab::SeatLinkData) && ::Gitlab::SeatLinkData.method_defined?(:sync)
        keys = ::Gitlab::SeatLinkData.instance_method(:initialize).parameters
        return keys.include?([:key, :refresh_token]) ? 'button' : 'sync'
      end
      defined?(::SyncSeatLinkWorker) ? 'worker' : 'none'
    end

    # Why no sync may be asked for; nil when one may. Maintenance mode makes the
    # database look read-only to the web alone: workers go on.
    def refusal(host)
      return 'edition' if host.known('ee') == false
      return 'license' if host.known('license') == false
      return 'secondary' if host.known('secondary')
      return 'read-only' if host.known('read_only') && !host.known('maintenance')
      return 'silent-mode' if host.known('silent_mode')
      return 'not-eligible' if host.known('eligible') == false
      return 'unsupported' if host.known('way').nil? || host.known('way') == 'none'
      return 'unclear' if host.known('eligible').nil? || host.known('license').nil?

      nil
    end
  end
end
