# Accounts, settings, schedules and caches, as far as they are read.
class Relation
  def initialize(rows, most: nil)
    @rows, @most = rows, most
  end

  def where(*conditions)
    case condition = conditions.first
    when Hash then Relation.new(@rows.select { |row| condition[:id].cover?(row[0]) }, most: @most)
    when 'users.id > ?' then Relation.new(@rows.select { |row| row[0] > conditions[1] }, most: @most)
    else raise "PG::SyntaxError: #{condition}"
    end
  end

  def order(_column)
    Relation.new(@rows.sort_by(&:first), most: @most)
  end

  def limit(most)
    Relation.new(@rows, most: most)
  end

  def pluck(*columns)
    ApplicationRecord.query(columns.join) { nil }
    raise 'PG::ReadOnlySqlTransaction expected' if !ApplicationRecord.open && !STATE.include?('nofence')

    rows = @most ? @rows.first(@most) : @rows
    columns.size == 1 ? rows.map(&:first) : rows.map { |row| row.first(columns.size) }
  end
end

# Ids have gaps; every seventh account has no membership, every fifth is a guest.
PEOPLE = (1..OPTIONS.fetch('people', '12').to_i).map do |n|
  [n * 3, (n % 7).zero? ? nil : ((n % 5).zero? ? 10 : 30)]
end

class User < ApplicationRecord
  def self.left_joins(_association)
    Relation.new(PEOPLE)
  end

  def self.billable
    Relation.new(PEOPLE.select { |_, level| level.to_i > 10 })
  end

  def self.single_user
    nil
  end
end

class ApplicationSetting < ApplicationRecord
  COLUMNS = { 'usage_ping_enabled' => true, 'usage_ping_features_enabled' => false }.freeze

  def self.current
    write('application_settings')
  end

  def self.current_without_cache
    new
  end

  def has_attribute?(name)
    columns.key?(name)
  end

  def read_attribute(name)
    columns.fetch(name)
  end

  def columns
    out = COLUMNS.dup
    out['include_optional_metrics_in_service_ping'] = true if ERA >= 17
    out['usage_ping_generation_enabled'] = true if ERA >= 18
    out
  end

  def usage_ping_enabled
    read_attribute('usage_ping_enabled') && !STATE.include?('pinned')
  end
  alias usage_ping_enabled? usage_ping_enabled

  def usage_ping_can_be_configured?
    !STATE.include?('pinned')
  end

  if ERA >= 14
    def usage_ping_features_enabled?
      false
    end
  end

  def seat_link_enabled?
    !STATE.include?('seatlinkoff')
  end

  %i[runners_registration_token health_check_access_token error_tracking_access_token inspect attributes to_json].each do |name|
    define_method(name) { |*| done("TOUCHED settings #{name}") }
  end
end

module Gitlab
  CurrentSettings = ApplicationSetting.new
  Ping = Struct.new(:usage_ping_enabled)
  Config = Struct.new(:gitlab)

  def self.config
    Config.new(Ping.new(!STATE.include?('pinned')))
  end
end

if ERA >= 13
  class RawUsageData < ApplicationRecord
    def self.maximum(_column)
      Time.utc(2026, 11, 16, 4, 5, 6)
    end
  end
end

if ERA >= 17
  module ServicePing
    module ServicePingSettings
      def self.license_operational_metric_enabled?
        true
      end

      def self.enabled_and_consented?
        true
      end
    end
  end

  module GitlabSubscriptions
    module Features
      FEATURES_WITH_USAGE_PING = %i[description_diffs group_ip_restriction].freeze
    end
  end
end

class Place
  def initialize(path)
    @path = path
  end

  def join(name)
    Place.new(File.join(@path, name))
  end

  def to_s
    @path
  end
end

module Rails
  def self.root
    Place.new(OPTIONS.fetch('root', '/nowhere'))
  end

  def self.cache
    @cache ||= Class.new do
      def read(key)
        key == 'usage_data' ? { recorded_at: Time.utc(2026, 11, 16, 4, 0, 0) } : nil
      end

      %i[write delete fetch].each { |name| define_method(name) { |*| done("TOUCHED cache #{name}") } }
    end.new
  end
end

module Fugit
  Cron = Struct.new(:next_time)

  def self.parse_cron(_words)
    Cron.new(Time.utc(2026, 11, 23, 3, 17, 0).to_i)
  end
end

module Sidekiq
  module Cron
    class Job
      def self.find(name)
        name == 'users_create_statistics_worker' ? nil : new(name)
      end

      def initialize(name)
        @name = name
      end

      def status
        'enabled'
      end

      def cron
        '17 3 * * * UTC'
      end

      def last_enqueue_time
        ERA >= 17 ? Time.utc(2026, 11, 22, 3, 17, 0) : '2026-11-22 03:17:00 UTC'
      end

      if ERA >= 14
        def jid_history_from_redis
          (0..11).map { |n| { 'jid' => format('%024x', n), 'enqueued' => "2026-11-#{22 - n} 03:17:00 UTC" } }
        end
      end

      %i[enque! enqueue! enable! disable! save destroy].each { |name| define_method(name) { done("TOUCHED cron #{name}") } }
    end
  end
end
