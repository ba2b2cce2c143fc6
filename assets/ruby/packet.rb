# What the next sync would send, without sending it. The licence key never
# leaves GitLab's process.
module Seatdeck
  module Packet
    PLAIN = %w[gitlab_version timestamp date hostname instance_id unique_instance_id].freeze
    COUNTS = %w[max_historical_user_count billable_users_count active_users].freeze

    module_function

    def ask(host)
      host.fact('packet') do
        host.needs(defined?(::Gitlab::SeatLinkData))
        card(host, members)
      end
    end

    def members
      seats = ::Gitlab::SeatLinkData
      keyless = seats.instance_method(:initialize).parameters.include?([:key, :key])
      packet = keyless ? seats.new(key: nil) : seats.new
      hash = packet.respond_to?(:as_json) ? packet.as_json : nil
      hash = JSON.parse(packet.to_json) unless hash.is_a?(Hash) && hash.keys.any? { |k| k.to_s == COUNTS.first }
      hash.each_with_object({}) { |(k, v), h| h[k.to_s] = v unless k.to_s == 'license_key' }
    end

    def card(host, members)
      out = {}
      PLAIN.each { |k| out[k] = k == 'timestamp' ? host.moment(members[k]) : host.word(members[k]) if members.key?(k) }
      COUNTS.each { |k| out[k] = host.number(members[k]) if members.key?(k) }
      out['add_on_metrics'] = add_ons(host, members['add_on_metrics']) if members.key?('add_on_metrics')
      out['others'] = (members.keys - PLAIN - COUNTS - ['add_on_metrics']).map { |k| host.word(k, 60) }
      out
    end

    def add_ons(host, list)
      Array(list).map do |one|
        row = one.each_with_object({}) { |(k, v), h| h[k.to_s] = v }
        {
          'add_on_type' => host.word(row['add_on_type']),
          'purchased_seats' => host.number(row['purchased_seats']), 'assigned_seats' => host.number(row['assigned_seats'])
        }
      end
    end
  end
end
