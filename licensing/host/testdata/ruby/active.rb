# What programs meet of Active Record: transactions that can be read only, and a
# query cache.
require 'json'
require 'date'
require 'time'

class Connection
  def execute(sql)
    raise 'PG::FeatureNotSupported: ERROR: not behind this pooler' if STATE.include?('nofence')

    ApplicationRecord.read_only = true if sql.start_with?('SET TRANSACTION READ ONLY')
    done("sql #{sql}")
  end

  def select_rows(relation)
    relation.rows
  end
end

class ApplicationRecord
  class << self
    attr_accessor :read_only, :open, :cached

    def connection
      @connection ||= Connection.new
    end

    def transaction
      raise 'a transaction within a transaction' if ApplicationRecord.open

      ApplicationRecord.open = true
      yield
    ensure
      ApplicationRecord.open = ApplicationRecord.read_only = false
    end

    def query_cache
      ApplicationRecord.cached = {}
      yield
    end

    def uncached
      before = ApplicationRecord.cached
      ApplicationRecord.cached = nil
      yield
    ensure
      ApplicationRecord.cached = before
    end

    def query(key)
      puts 'SELECT something' if NOISE.include?('between')
      cache = ApplicationRecord.cached
      return yield if cache.nil?

      cache.fetch(key) { cache[key] = yield }
    end

    def write(what)
      raise 'PG::ReadOnlySqlTransaction: ERROR: cannot execute INSERT in a read-only transaction' if ApplicationRecord.read_only

      done("write #{what}")
    end
  end
end
