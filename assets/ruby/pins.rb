# What decides about Service Ping and registration features: what is stored,
# what the configuration file pins, what comes out of both, and which line it is.
module Seatdeck
  class Pins
    COLUMNS = %w[
      usage_ping_enabled usage_ping_features_enabled include_optional_metrics_in_service_ping
      usage_ping_generation_enabled gitlab_product_usage_data_enabled
    ].freeze
    EFFECTIVE = {
      'ping' => %i[usage_ping_enabled? usage_ping_enabled], 'features' => %i[usage_ping_features_enabled?],
      'generation' => %i[usage_ping_generation_enabled?], 'configurable' => %i[usage_ping_can_be_configured?]
    }.freeze
    KEYS = 'usage_ping_enabled|include_optional_metrics_in_service_ping|usage_ping_generation_enabled|initial_gitlab_product_usage_data'.freeze
    FILE = '/etc/gitlab/gitlab.rb'.freeze

    def initialize(host)
      @host = host
    end

    def ask
      @host.fact('version', false) { @host.word(::Gitlab::VERSION) }
      @host.fact('stored') { stored }
      @host.fact('pinned', false) { ::Gitlab.config.gitlab.usage_ping_enabled == false }
      EFFECTIVE.each { |name, readers| @host.fact(name) { setting(readers) } }
      @host.put('ping', false) if @host.known('pinned') # the reader of old versions does not know the file
      licence
      sending
      @host.fact('product_usage') { product_usage }
      @host.fact('managed', false) { managed }
      @host.fact('lines', false) { lines }
    end

    private

    def stored
      @host.needs(defined?(::ApplicationSetting))
      row = ::ApplicationSetting.current_without_cache
      COLUMNS.each_with_object({}) do |name, out|
        out[name] = row.read_attribute(name) if row && row.has_attribute?(name)
      end
    end

    def setting(readers)
      @host.needs(defined?(::Gitlab::CurrentSettings))
      @host.first_of(::Gitlab::CurrentSettings, *readers) ? true : false
    end

    def licence
      @host.fact('forced') do
        if defined?(::ServicePing::ServicePingSettings) && ::ServicePing::ServicePingSettings.respond_to?(:license_operational_metric_enabled?)
          next ::ServicePing::ServicePingSettings.license_operational_metric_enabled? ? true : false
        end
        @host.needs(defined?(::License))
        one = ::License.current
        @host.needs(one.nil? || one.respond_to?(:customer_service_enabled?))
        one && one.customer_service_enabled? ? true : false
      end
      @host.fact('features_by_ping') do
        @host.needs(defined?(::GitlabSubscriptions::Features::FEATURES_WITH_USAGE_PING))
        ::GitlabSubscriptions::Features::FEATURES_WITH_USAGE_PING.map { |name| @host.word(name, 80) }
      end
    end

    def sending
      @host.fact('sends') do
        @host.needs(defined?(::ServicePing::ServicePingSettings))
        @host.first_of(::ServicePing::ServicePingSettings, :enabled_and_consented?, :product_intelligence_enabled?) ? true : false
      end
      @host.fact('consent_missing') do
        @host.needs(defined?(::User) && ::User.respond_to?(:single_user))
        one = ::User.single_user
        one && one.requires_usage_stats_consent? ? true : false
      end
      @host.fact('last_sent') do
        @host.needs(defined?(::RawUsageData))
        @host.moment(::RawUsageData.maximum(:sent_at))
      end
      @host.fact('payload_at', false) { payload_at }
    end

    def payload_at
      cached = ::Rails.cache.read('usage_data')
      return nil if cached.nil?

      @host.needs(cached.is_a?(Hash))
      @host.moment(cached[:recorded_at] || cached['recorded_at'])
    end

    def product_usage
      if defined?(::Gitlab::Usage::ProductUsageDataSetting)
        one = ::Gitlab::Usage::ProductUsageDataSetting
        return { 'enabled' => one.enabled? ? true : false, 'source' => @host.word(one.source, 40) }
      end
      { 'enabled' => setting([:gitlab_product_usage_data_enabled?]), 'source' => nil }
    end

    def managed
      @host.needs(defined?(::Gitlab::ManagedSettings))
      { 'enabled' => ::Gitlab::ManagedSettings.enabled? ? true : false, 'by' => @host.word(@host.maybe { ::Gitlab::ManagedSettings.managed_by }, 80) }
    end

    # The lines of gitlab.rb that set one of the keys, read as text and never
    # evaluated. The file is root's alone, so "denied" is the usual answer. In a
    # container a variable is evaluated before the file.
    def lines
      found = []
      collect('GITLAB_OMNIBUS_CONFIG', ENV['GITLAB_OMNIBUS_CONFIG'].to_s.tr(';', "\n"), found)
      state = !File.exist?(FILE) ? 'missing' : (File.readable?(FILE) ? 'read' : 'denied')
      collect(FILE, File.read(FILE), found) if state == 'read'
      { 'state' => state, 'found' => found.last(20) }
    end

    def collect(source, words, found)
      words.to_s.force_encoding(Encoding::UTF_8).scrub('?').lines.each_with_index do |line, at|
        set = line.match(/\A\s*gitlab_rails\[\s*["'](#{KEYS})["']\s*\]\s*=\s*(true|false|nil)\b/)
        found << { 'file' => source, 'line' => at + 1, 'key' => set[1], 'set' => set[2] } if set
      end
    end
  end
end

Seatdeck.run('pins') { |host| Seatdeck::Pins.new(host).ask }
