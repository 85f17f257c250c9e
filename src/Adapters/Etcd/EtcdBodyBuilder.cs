using System.Text.Json;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>Builds a body of the keys API from its JSON tokens, one at a time, so that reading can stop between any two.</summary>
internal sealed class EtcdBodyBuilder
{
    private readonly Stack<Frame> _frames = new();

    // As many as the deepest directory; a listing has a node for every key.
    private readonly Stack<Frame> _idle = new();
    private Member _member;
    private int _skip;
    private byte[] _scratch = new byte[4096];
    private string? _action;
    private string _message = "";
    private string _cause = "";
    private int _errorCode;
    private ulong _index;
    private EtcdNode? _node;
    private EtcdNode? _previous;

    private enum Member
    {
        Unknown, Action, Node, PreviousNode, ErrorCode, Message, Cause, Index, Key, Value, Directory, TimeToLive, Created, Modified, Nodes,
    }

    public EtcdBody Build() => new(_action, _node, _previous, _errorCode, _message, _cause, _index);

    public void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when _skip > 0 || StartsUnknown(reader.TokenType, reader.CurrentDepth):
                _skip++;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray when _skip > 0:
                _skip--;
                break;
            case var _ when _skip > 0:
                break;
            case JsonTokenType.PropertyName:
                _member = Name(ref reader);
                break;
            case JsonTokenType.StartObject when reader.CurrentDepth > 0:
                Open(_frames.Count > 0 ? Member.Nodes : _member);
                _member = Member.Unknown;
                break;
            case JsonTokenType.EndObject when _frames.Count > 0:
                Close();
                break;
            case JsonTokenType.StartArray:
                _frames.Peek().Children = ImmutableArray.CreateBuilder<EtcdNode>();
                _frames.Peek().InNodes = true;
                break;
            case JsonTokenType.EndArray when _frames.Count > 0:
                _frames.Peek().InNodes = false;
                _member = Member.Unknown;
                break;
            case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                Set(ref reader);
                break;
            default:
                break;
        }
    }

    private bool StartsUnknown(JsonTokenType token, int depth) => token switch
    {
        _ when depth == 0 => false,
        JsonTokenType.StartArray => _frames.Count == 0 || _member != Member.Nodes,
        _ when _frames.Count == 0 => _member is not (Member.Node or Member.PreviousNode),
        _ => !_frames.Peek().InNodes,
    };

    private void Open(Member role)
    {
        var frame = _idle.TryPop(out var idle) ? idle : new Frame();
        frame.Begin(role);
        _frames.Push(frame);
    }

    private void Close()
    {
        var frame = _frames.Pop();
        var node = new EtcdNode(frame.Key, frame.Directory, frame.Value, frame.Created, frame.Modified, frame.TimeToLive,
            frame.Children?.DrainToImmutable() ?? []);
        _idle.Push(frame);
        if (_frames.TryPeek(out var parent))
        {
            parent.Children!.Add(node);
        }
        else if (frame.Role == Member.PreviousNode)
        {
            _previous = node;
        }
        else
        {
            _node = node;
        }

        _member = Member.Unknown;
    }

    private void Set(ref Utf8JsonReader reader)
    {
        var frame = _frames.TryPeek(out var top) ? top : null;
        switch (_member)
        {
            case Member.Key when frame is not null: frame.Key = reader.GetString() ?? ""; break;
            case Member.Value when frame is not null: frame.Value = Bytes(ref reader); break;
            case Member.Directory when frame is not null: frame.Directory = reader.GetBoolean(); break;
            case Member.TimeToLive when frame is not null: frame.TimeToLive = TimeSpan.FromSeconds(reader.GetInt64()); break;
            case Member.Created when frame is not null: frame.Created = reader.GetUInt64(); break;
            case Member.Modified when frame is not null: frame.Modified = reader.GetUInt64(); break;
            case Member.Action when frame is null: _action = reader.GetString(); break;
            case Member.Message when frame is null: _message = reader.GetString() ?? ""; break;
            case Member.Cause when frame is null: _cause = reader.GetString() ?? ""; break;
            case Member.ErrorCode when frame is null: _errorCode = reader.GetInt32(); break;
            case Member.Index when frame is null: _index = reader.GetUInt64(); break;
            default: break;
        }
    }

    private byte[] Bytes(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.ToArray();
        }

        if (_scratch.Length < reader.ValueSpan.Length)
        {
            _scratch = new byte[reader.ValueSpan.Length * 2];
        }

        return _scratch.AsSpan(0, reader.CopyString(_scratch)).ToArray();
    }

    private static Member Name(ref Utf8JsonReader reader) => reader.ValueSpan switch
    {
        var n when n.SequenceEqual("key"u8) => Member.Key,
        var n when n.SequenceEqual("value"u8) => Member.Value,
        var n when n.SequenceEqual("modifiedIndex"u8) => Member.Modified,
        var n when n.SequenceEqual("createdIndex"u8) => Member.Created,
        var n when n.SequenceEqual("dir"u8) => Member.Directory,
        var n when n.SequenceEqual("nodes"u8) => Member.Nodes,
        var n when n.SequenceEqual("ttl"u8) => Member.TimeToLive,
        var n when n.SequenceEqual("action"u8) => Member.Action,
        var n when n.SequenceEqual("node"u8) => Member.Node,
        var n when n.SequenceEqual("prevNode"u8) => Member.PreviousNode,
        var n when n.SequenceEqual("errorCode"u8) => Member.ErrorCode,
        var n when n.SequenceEqual("message"u8) => Member.Message,
        var n when n.SequenceEqual("cause"u8) => Member.Cause,
        var n when n.SequenceEqual("index"u8) => Member.Index,
        _ => Member.Unknown,
    };

    private sealed class Frame
    {
        public Member Role { get; private set; }

        public string Key { get; set; } = "/";

        public bool Directory { get; set; }

        public bool InNodes { get; set; }

        public byte[] Value { get; set; } = [];

        public ulong Created { get; set; }

        public ulong Modified { get; set; }

        public TimeSpan? TimeToLive { get; set; }

        public ImmutableArray<EtcdNode>.Builder? Children { get; set; }

        public void Begin(Member role) =>
            (Role, Key, Directory, InNodes, Value, Created, Modified, TimeToLive, Children) = (role, "/", false, false, [], 0, 0, null, null);
    }
}
