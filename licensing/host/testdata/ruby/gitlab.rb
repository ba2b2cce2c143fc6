# GitLab's own classes, in the shape of one era.
class License < ApplicationRecord
  attr_reader :id, :license_id, :plan, :starts_at, :expires_at

  def initialize
    @id, @license_id, @plan = 7, 41_264, 'ultimate'
    @starts_at, @expires_at = Date.new(2026, 3, 26), Date.today + 125
  end

  def self.kind
    OPTIONS.fetch('licence', 'online')
  end

  def self.current
    raise "PG::UndefinedColumn: ERROR: column licenses.x does not exist\nLINE 1: SELECT" if STATE.include?('broken')

    query('license') { kind == 'none' ? nil : new.freeze_time }
  end

  if ERA >= 13
    def self.load_license
      query('load') { kind == 'none' ? nil : new.freeze_time }
    end
  end

  # A row as it was read: its time does not move with the clock.
  def freeze_time
    @synced = Time.utc(2026, 11, 21, 3, 17, 2)
    @synced = Time.utc(2026, 11, 22, 9, 0, 0) if %w[ok slow].include?(PORTAL) && Line.finished?
    self
  end

  if ERA >= 13
    def last_synced_at
      @synced
    end
  end

  def trial?
    self.class.kind == 'trial'
  end

  if ERA >= 14
    def license_type
      { 'online' => 'online_cloud', 'trial' => 'online_cloud', 'offline' => 'offline_cloud', 'file' => 'legacy_license' }[self.class.kind]
    end
  end

  define_method(ERA >= 17 ? :seats : :restricted_user_count) { 1000 }

  def customer_service_enabled?
    true
  end

  def feature_available?(name)
    name != :group_level_analytics
  end

  %i[data to_json attributes inspect key].each do |name|
    define_method(name) { |*| done("TOUCHED License##{name}") || LICENCE_KEY }
  end
end

module Gitlab
  VERSION = { 12 => '12.10.14', 13 => '13.12.15', 14 => '14.10.5', 17 => '17.11.7', 18 => '19.5.1' }.fetch(ERA)
  HTTP_PROXY_ENV_VARS = %w[http_proxy https_proxy no_proxy].freeze
  INSTALLATION_TYPE = 'omnibus-gitlab'.freeze

  def self.ee?
    true
  end

  if ERA >= 14
    def self.maintenance_mode?
      STATE.include?('maintenance')
    end
  end

  module Database
    def self.read_only?
      %w[readonly secondary maintenance].any? { |s| STATE.include?(s) }
    end
  end

  module Geo
    def self.secondary?
      STATE.include?('secondary')
    end
  end

  if ERA >= 17
    module SilentMode
      def self.enabled?
        STATE.include?('silent')
      end
    end
  end

  if ERA >= 13
    class SeatLinkData
      row = Time.utc(2026, 11, 21, 12, 0, 4)
      case ERA
      when 13 then define_method(:initialize) { |timestamp: row, key: LICENCE_KEY, max_users: 1079, active_users: 1043| fill(timestamp, key, max_users, active_users) }
      when 14 then define_method(:initialize) { |timestamp: row, key: LICENCE_KEY, max_users: 1079, billable_users_count: 1043| fill(timestamp, key, max_users, billable_users_count) }
      else
        define_method(:initialize) do |timestamp: row, key: LICENCE_KEY, max_users: 1079, billable_users_count: 1043, refresh_token: false|
          @refresh = refresh_token
          fill(timestamp, key, max_users, billable_users_count)
        end
      end

      def fill(timestamp, key, max, billable)
        @timestamp, @key, @max, @billable = timestamp, key, max, billable
      end

      def members
        out = { gitlab_version: Gitlab::VERSION, timestamp: @timestamp.iso8601, license_key: @key, max_historical_user_count: @max }
        out[ERA >= 14 ? :billable_users_count : :active_users] = @billable
        out[:date] = '2026-11-21' if ERA == 13
        out.merge!(hostname: 'gitlab.example.com', instance_id: '11111111-2222-4333-a444-555555555555')
        out[:add_on_metrics] = [{ add_on_type: 'duo_enterprise', purchased_seats: 60, assigned_seats: 41 }] if ERA >= 17
        out[:unique_instance_id] = '99999999-2222-4333-a444-555555555555' if ERA >= 18
        out[:something_new] = 'unknown' if ERA >= 18
        done('TOUCHED the licence key in a packet') if @key == LICENCE_KEY && ERA >= 13
        out
      end

      if ERA >= 14
        alias_method :as_json, :members

        def should_sync_seats?
          %w[online].include?(License.kind) || (License.kind == 'trial' && ERA >= 18)
        end

        def sync
          return unless should_sync_seats?

          done("sync refresh_token=#{@refresh}")
          SyncSeatLinkRequestWorker.perform_async
        end
      else
        def as_json
          { 'timestamp' => @timestamp, 'key' => @key, 'active_users' => @billable }
        end

        def to_json(*)
          JSON.generate(members)
        end
      end
    end
  end
end

Line.stale if STATE.include?('waiting')
