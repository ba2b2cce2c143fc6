# Everybody's highest role and whether the account is billable, by ascending id
# in batches, each printed as its own line. No names, no addresses.
module Seatdeck
  class Roles
    def initialize(host)
      @host = host
      @batch = host.params.fetch('batch', 5000).to_i.clamp(1, 5000)
      @last = host.params.fetch('after', 0).to_i
      @count = 0
    end

    def ask
      @host.fact('version', false) { @host.word(::Gitlab::VERSION) }
      @host.put('complete', all)
      @host.put('count', @count)
      @host.put('last', @last)
    end

    private

    def all
      until @host.left <= 0
        rows = @host.fenced { @host.uncached { batch } }
        return true if rows.empty?

        @count += rows.size
        @last = rows.last.first
        @host.line('rows', 'rows' => rows)
      end
      false
    end

    def batch
      rows = ::User.left_joins(:user_highest_role).where('users.id > ?', @last).order(:id).limit(@batch)
                   .pluck('users.id', 'user_highest_roles.highest_access_level')
      return rows if rows.empty?

      seats = billable(rows.first.first, rows.last.first)
      rows.map { |id, level| [id, level, seats && seats.key?(id)] }
    end

    # The instance's own word on who is billable; nil where it has none.
    def billable(first, last)
      return nil unless ::User.respond_to?(:billable)

      ::User.billable.where(id: first..last).pluck(:id).each_with_object({}) { |id, out| out[id] = true }
    end
  end
end

Seatdeck.run('roles') { |host| Seatdeck::Roles.new(host).ask }
