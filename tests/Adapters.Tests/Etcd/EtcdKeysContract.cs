using System.Text;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Etcd;

/// <summary>What <see cref="IEtcdKeys"/> promises. Runs against a real etcd and against the store in memory, so that they cannot drift.</summary>
public abstract class EtcdKeysContract
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    // Every test has a directory of its own, because the real store is shared by the suite.
    private readonly string _root = $"/t{Guid.NewGuid():N}";

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract IEtcdKeys Keys { get; }

    [Theory]
    [InlineData("plain")]
    [InlineData("ns%2fpod")]
    [InlineData("a%2Fb%252fc")]
    [InlineData("%")]
    [InlineData("100%25")]
    [InlineData("with space")]
    [InlineData("plus+and&amp=eq;semi")]
    [InlineData("question?hash#")]
    [InlineData("quote\"back\\slash")]
    [InlineData("größe-ß-日本-🐳")]
    [InlineData("~tilde!*'()[]@:,$")]
    [InlineData("...")]
    [InlineData("2001-db8--1-128")]
    [InlineData("%2e%2e")]
    public async Task Put_OddName_IsStoredAsGiven(string name)
    {
        var key = $"{_root}/{name}/leaf-{name}";
        var put = await PutAsync(key, name);
        var got = await Keys.GetAsync(key, false, true, Ct);
        var listed = await Keys.GetAsync(_root, true, false, Ct);

        Assert.Equal(key, put.Node.Key);
        Assert.Equal(name, Text(got.Node));
        Assert.Equal([key], Leaves(listed.Node).Select(n => n.Key));
        var deleted = await Keys.DeleteAsync(key, EtcdDeletion.Key, EtcdCondition.AtIndex(put.Node.ModifiedIndex), Ct);
        Assert.Equal(key, deleted.Node.Key);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("")]
    [InlineData("/a//b")]
    [InlineData("/a/")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    public async Task AnyCall_KeyThatEtcdWouldClean_IsRefused(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Keys.GetAsync(key, false, false, Ct));

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":\"<&>'+ /%2f\\u0026\",\"n\":null}")]
    [InlineData("line\nbreak\ttab\u0001control\u007f\u2028")]
    [InlineData("日本 🐳 é")]
    public async Task Put_AnyValue_ComesBackByteForByte(string value)
    {
        await PutAsync($"{_root}/v", value);
        var got = await Keys.GetAsync($"{_root}/v", false, true, Ct);
        Assert.Equal(Encoding.UTF8.GetBytes(value), got.Node.Value.ToArray());
    }

    [Fact]
    public async Task Put_TwoHundredThousandBytes_ComesBack()
    {
        var value = string.Concat(Enumerable.Range(0, 20000).Select(i => $"\"é{i % 10}ab<"));
        await PutAsync($"{_root}/v", value);
        Assert.Equal(value, Text((await Keys.GetAsync(_root, true, true, Ct)).Node.Nodes.Single()));
    }

    [Fact]
    public async Task Put_Twice_SetsIndexesAndPrevious()
    {
        var first = await PutAsync($"{_root}/k", "1");
        var second = await PutAsync($"{_root}/k", "2");

        Assert.Equal("set", first.Action);
        Assert.Null(first.PreviousNode);
        Assert.Equal(first.Node.ModifiedIndex, first.Node.CreatedIndex);
        Assert.Equal(first.Node.ModifiedIndex + 1, second.Node.ModifiedIndex);
        Assert.Equal(second.Node.ModifiedIndex, second.Node.CreatedIndex);
        Assert.Equal(second.Node.ModifiedIndex, second.Index);
        Assert.Equal("1", Text(second.PreviousNode!));
        Assert.Equal(first.ClusterId, second.ClusterId);
        Assert.NotNull(second.ClusterId);
    }

    [Fact]
    public async Task Put_Conditions_AnswerAsEtcdDoes()
    {
        var key = $"{_root}/k";
        await FailsAsync(EtcdException.KeyNotFound, 404, _root, () => PutAsync(key, "x", EtcdCondition.Present));
        await FailsAsync(EtcdException.KeyNotFound, 404, _root, () => PutAsync(key, "x", EtcdCondition.AtIndex(7)));
        var created = await PutAsync(key, "1", EtcdCondition.Absent);
        await FailsAsync(EtcdException.NodeExists, 412, key, () => PutAsync(key, "x", EtcdCondition.Absent));
        var updated = await PutAsync(key, "2", EtcdCondition.Present);
        var swapped = await PutAsync(key, "3", EtcdCondition.AtIndex(updated.Node.ModifiedIndex));
        var swappedPresent = await PutAsync(key, "4", new EtcdCondition(true, swapped.Node.ModifiedIndex));
        await FailsAsync(
            EtcdException.CompareFailed, 412, $"[{updated.Node.ModifiedIndex} != {swappedPresent.Node.ModifiedIndex}]",
            () => PutAsync(key, "x", EtcdCondition.AtIndex(updated.Node.ModifiedIndex)));

        Assert.Equal(["create", "update", "compareAndSwap", "compareAndSwap"], [created.Action, updated.Action, swapped.Action, swappedPresent.Action]);
        Assert.Equal(created.Node.CreatedIndex, swapped.Node.CreatedIndex);
        Assert.Equal("4", Text((await Keys.GetAsync(key, false, true, Ct)).Node));
    }

    [Fact]
    public async Task Directories_ErrorsAreEtcds()
    {
        var directory = $"{_root}/d";
        var made = await Keys.MakeDirectoryAsync(directory, Ct);
        var file = await PutAsync($"{directory}/f", "1");

        Assert.True(made.Node.IsDirectory);
        Assert.Equal("create", made.Action);
        await FailsAsync(EtcdException.NodeExists, 412, directory, () => Keys.MakeDirectoryAsync(directory, Ct));
        await FailsAsync(EtcdException.NodeExists, 412, directory, () => PutAsync(directory, "x", EtcdCondition.Absent));
        await FailsAsync(EtcdException.NotFile, 403, directory, () => PutAsync(directory, "x"));
        await FailsAsync(EtcdException.NotFile, 403, directory, () => PutAsync(directory, "x", EtcdCondition.Present));
        await FailsAsync(EtcdException.NotFile, 403, directory, () => PutAsync(directory, "x", EtcdCondition.AtIndex(made.Node.ModifiedIndex)));
        await FailsAsync(EtcdException.NotDirectory, 400, file.Node.Key, () => PutAsync($"{file.Node.Key}/x", "x"));
        await FailsAsync(EtcdException.NotDirectory, 400, file.Node.Key, () => PutAsync($"{file.Node.Key}/x", "x", EtcdCondition.Absent));
        await FailsAsync(EtcdException.NotDirectory, 400, file.Node.Key, () => Keys.GetAsync($"{file.Node.Key}/x/y", false, false, Ct));
        await FailsAsync(EtcdException.NotFile, 403, directory, () => Keys.DeleteAsync(directory, EtcdDeletion.Key, EtcdCondition.None, Ct));
        await FailsAsync(EtcdException.DirectoryNotEmpty, 403, directory,
            () => Keys.DeleteAsync(directory, EtcdDeletion.EmptyDirectory, EtcdCondition.None, Ct));
        await FailsAsync(EtcdException.NotFile, 403, directory,
            () => Keys.DeleteAsync(directory, EtcdDeletion.Recursive, EtcdCondition.AtIndex(made.Node.ModifiedIndex), Ct));
        await FailsAsync(EtcdException.RootReadOnly, 400, "/", () => PutAsync("/", "x"));
        await FailsAsync(EtcdException.RootReadOnly, 400, "/", () => Keys.DeleteAsync("/", EtcdDeletion.Recursive, EtcdCondition.None, Ct));
        await FailsAsync(EtcdException.KeyNotFound, 404, $"{directory}/no", () => Keys.GetAsync($"{directory}/no/deeper", false, false, Ct));
    }

    [Fact]
    public async Task Delete_EachWay_AnswersAsEtcdDoes()
    {
        var file = await PutAsync($"{_root}/a/f", "1");
        await FailsAsync(EtcdException.CompareFailed, 412, $"[1 != {file.Node.ModifiedIndex}]",
            () => Keys.DeleteAsync(file.Node.Key, EtcdDeletion.Key, EtcdCondition.AtIndex(1), Ct));
        var compared = await Keys.DeleteAsync(file.Node.Key, EtcdDeletion.Key, EtcdCondition.AtIndex(file.Node.ModifiedIndex), Ct);
        await FailsAsync(EtcdException.KeyNotFound, 404, file.Node.Key, () => Keys.DeleteAsync(file.Node.Key, EtcdDeletion.Key, EtcdCondition.None, Ct));
        var empty = await Keys.DeleteAsync($"{_root}/a", EtcdDeletion.EmptyDirectory, EtcdCondition.None, Ct);
        await PutAsync($"{_root}/b/c/d", "1");
        var all = await Keys.DeleteAsync($"{_root}/b", EtcdDeletion.Recursive, EtcdCondition.None, Ct);

        Assert.Equal("compareAndDelete", compared.Action);
        Assert.Equal("1", Text(compared.PreviousNode!));
        Assert.Equal(compared.Node.ModifiedIndex + 1, empty.Node.ModifiedIndex);
        Assert.True(all.Node.IsDirectory);
        Assert.True(all.PreviousNode!.IsDirectory);
        Assert.Empty((await Keys.GetAsync(_root, true, true, Ct)).Node.Nodes);
        await FailsAsync(EtcdException.KeyNotFound, 404, $"{_root}/b", () => Keys.GetAsync($"{_root}/b/c/d", false, true, Ct));
    }

    [Fact]
    public async Task Get_Directory_ListsSortedWithoutHiddenKeys()
    {
        foreach (var name in new[] { "9.0.0.0-16", "10.5.0.0-16", "192.168.0.0-16", "10.10.0.0-16", "_hidden", "Z", "a-b", "a" })
        {
            await PutAsync($"{_root}/{name}/leaf", name);
        }

        await PutAsync($"{_root}/file", "1");
        var flat = await Keys.GetAsync(_root, false, true, Ct);
        var deep = await Keys.GetAsync(_root, true, true, Ct);
        var hidden = await Keys.GetAsync($"{_root}/_hidden", true, true, Ct);

        string[] expected = ["10.10.0.0-16", "10.5.0.0-16", "192.168.0.0-16", "9.0.0.0-16", "Z", "a", "a-b", "file"];
        Assert.Equal(expected, flat.Node.Nodes.Select(n => n.Key[(_root.Length + 1)..]));
        Assert.Equal(expected, deep.Node.Nodes.Select(n => n.Key[(_root.Length + 1)..]));
        Assert.All(flat.Node.Nodes, n => Assert.Empty(n.Nodes));
        Assert.Equal(8, Leaves(deep.Node).Count());
        Assert.Single(hidden.Node.Nodes);
        Assert.Contains((await Keys.GetAsync("/", false, true, Ct)).Node.Nodes, n => n.Key == _root);
    }

    [Fact]
    public async Task CompareAndSwap_ManyAtOnce_LosesNoIncrement()
    {
        var key = $"{_root}/counter";
        await PutAsync(key, "0");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 10;)
            {
                var now = await Keys.GetAsync(key, false, true, Ct);
                var next = (int.Parse(Text(now.Node), System.Globalization.CultureInfo.InvariantCulture) + 1)
                    .ToString(System.Globalization.CultureInfo.InvariantCulture);
                try
                {
                    await PutAsync(key, next, EtcdCondition.AtIndex(now.Node.ModifiedIndex));
                    done++;
                }
                catch (EtcdException e) when (e.ErrorCode == EtcdException.CompareFailed)
                {
                    // Somebody else was first.
                }
            }
        }, Ct)));
        Assert.Equal("80", Text((await Keys.GetAsync(key, false, true, Ct)).Node));
    }

    [Fact]
    public async Task TimeToLive_Passed_ExpiresWithAnEvent()
    {
        var put = await PutAsync($"{_root}/ttl", "1", EtcdCondition.None, TimeSpan.FromSeconds(1));
        var wait = await ChangedAsync(_root, put.Index + 1);

        Assert.Equal(TimeSpan.FromSeconds(1), put.Node.TimeToLive);
        Assert.Equal("expire", wait.Action);
        Assert.Equal($"{_root}/ttl", wait.Node.Key);
        Assert.Equal("1", Text(wait.PreviousNode!));
        await FailsAsync(EtcdException.KeyNotFound, 404, $"{_root}/ttl", () => Keys.GetAsync($"{_root}/ttl", false, true, Ct));
    }

    [Fact]
    public async Task TimeToLive_WriteWithoutOne_RemovesIt()
    {
        var put = await PutAsync($"{_root}/ttl", "1", EtcdCondition.None, TimeSpan.FromSeconds(100));
        var again = await PutAsync($"{_root}/ttl", "2", EtcdCondition.AtIndex(put.Node.ModifiedIndex));
        Assert.Equal(TimeSpan.FromSeconds(100), put.Node.TimeToLive);
        Assert.Null(again.Node.TimeToLive);
        Assert.Null((await Keys.GetAsync($"{_root}/ttl", false, true, Ct)).Node.TimeToLive);
    }

    [Fact]
    public async Task Wait_FromAnOldIndex_BringsEachEventInOrder()
    {
        var first = await PutAsync($"{_root}/a", "1");
        await PutAsync($"{_root}-elsewhere", "x");
        await PutAsync($"{_root}/b/c", "2");
        await Keys.DeleteAsync($"{_root}/b", EtcdDeletion.Recursive, EtcdCondition.None, Ct);
        var last = await PutAsync($"{_root}/a", "3");

        var seen = new List<string>();
        for (var next = first.Index; next <= last.Index;)
        {
            var answer = await ChangedAsync(_root, next);
            seen.Add($"{answer.Action} {answer.Node.Key[_root.Length..]} {answer.Node.IsDirectory}");
            next = answer.Node.ModifiedIndex + 1;
        }

        Assert.Equal(["set /a False", "set /b/c False", "delete /b True", "set /a False"], seen);
    }

    [Fact]
    public async Task Wait_OpenPoll_IsAnsweredByTheNextChangeBelowOnly()
    {
        var start = await PutAsync($"{_root}/a/x", "1");
        var (wait, opened) = Open($"{_root}/a", start.Index + 1, start.ClusterId);
        await opened.WaitAsync(Bound, Ct);
        await PutAsync($"{_root}/ab", "no");
        await PutAsync($"{_root}/a/_hidden", "no");
        Assert.False(wait.IsCompleted);
        var change = await PutAsync($"{_root}/a/y/z", "yes");

        var answer = Assert.IsType<EtcdWait.Changed>(await wait.WaitAsync(Bound, Ct)).Answer;
        Assert.Equal(change.Node.ModifiedIndex, answer.Node.ModifiedIndex);
        Assert.Equal("yes", Text(answer.Node));
        Assert.True(answer.Index < answer.Node.ModifiedIndex);
    }

    [Fact]
    public async Task Wait_DirectoryAboveRemoved_IsHeard()
    {
        var start = await PutAsync($"{_root}/a/b/c", "1");
        var (wait, opened) = Open($"{_root}/a/b", start.Index + 1, start.ClusterId);
        await opened.WaitAsync(Bound, Ct);
        await Keys.DeleteAsync($"{_root}/a", EtcdDeletion.Recursive, EtcdCondition.None, Ct);

        var answer = Assert.IsType<EtcdWait.Changed>(await wait.WaitAsync(Bound, Ct)).Answer;
        Assert.Equal($"{_root}/a", answer.Node.Key);
        Assert.Equal("delete", answer.Action);
    }

    [Fact]
    public async Task Wait_MissingDirectory_HearsItsFirstKey()
    {
        var start = await PutAsync($"{_root}-x", "1");
        var (wait, opened) = Open($"{_root}/none/yet", start.Index + 1, start.ClusterId);
        await opened.WaitAsync(Bound, Ct);
        await PutAsync($"{_root}/none/yet/k", "1");
        Assert.Equal($"{_root}/none/yet/k", Assert.IsType<EtcdWait.Changed>(await wait.WaitAsync(Bound, Ct)).Answer.Node.Key);
    }

    [Fact]
    public async Task Wait_StoreBehindTheIndex_IsHistoryLost()
    {
        var start = await PutAsync($"{_root}/a", "1");
        var (wait, opened) = Open(_root, start.Index + 1_000_000, start.ClusterId);
        Assert.Contains("index", Assert.IsType<EtcdWait.HistoryLost>(await wait.WaitAsync(Bound, Ct)).Reason, StringComparison.Ordinal);
        Assert.False(opened.IsCompleted);
    }

    [Fact]
    public async Task Wait_OtherCluster_IsHistoryLost()
    {
        var start = await PutAsync($"{_root}/a", "1");
        var (wait, _) = Open(_root, start.Index + 1, "0123");
        Assert.Contains("cluster", Assert.IsType<EtcdWait.HistoryLost>(await wait.WaitAsync(Bound, Ct)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_MoreThanAThousandEventsElsewhere_IsHistoryLost()
    {
        var start = await PutAsync($"{_root}/a", "1");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            for (var n = 0; n < 130; n++)
            {
                await PutAsync($"{_root}-elsewhere/{i}", "x");
            }
        }));
        var (wait, opened) = Open(_root, start.Index + 1, start.ClusterId);
        Assert.Contains("1000", Assert.IsType<EtcdWait.HistoryLost>(await wait.WaitAsync(Bound, Ct)).Reason, StringComparison.Ordinal);
        Assert.False(opened.IsCompleted);
    }

    [Fact]
    public async Task Wait_Cancelled_Ends()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var start = await PutAsync($"{_root}/a", "1");
        var opened = new TaskCompletionSource();
        var wait = Keys.WaitAsync(_root, start.Index + 1, null, opened.SetResult, cancel.Token);
        await opened.Task.WaitAsync(Bound, Ct);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Bound, Ct));
    }

    protected Task<EtcdAnswer> PutAsync(string key, string value, EtcdCondition condition = default, TimeSpan? timeToLive = null) =>
        Keys.PutAsync(key, Encoding.UTF8.GetBytes(value), condition, timeToLive, Ct);

    private (Task<EtcdWait> Wait, Task Opened) Open(string key, ulong index, string? clusterId)
    {
        var opened = new TaskCompletionSource();
        return (Keys.WaitAsync(key, index, clusterId, opened.SetResult, Ct), opened.Task);
    }

    private async Task<EtcdAnswer> ChangedAsync(string key, ulong index) =>
        Assert.IsType<EtcdWait.Changed>(await Keys.WaitAsync(key, index, null, null, Ct).WaitAsync(Bound, Ct)).Answer;

    private static async Task FailsAsync(int code, int status, string cause, Func<Task> call)
    {
        var e = await Assert.ThrowsAsync<EtcdException>(call);
        Assert.Equal((code, status, cause), (e.ErrorCode, e.HttpStatus, e.EtcdCause));
        Assert.NotEqual(0UL, e.Index);
        Assert.NotNull(e.ClusterId);
    }

    private static string Text(EtcdNode node) => Encoding.UTF8.GetString(node.Value.Span);

    private static IEnumerable<EtcdNode> Leaves(EtcdNode node) => node.IsDirectory ? node.Nodes.SelectMany(Leaves) : [node];
}
