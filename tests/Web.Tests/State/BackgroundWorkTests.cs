using CalicoConsole.Web.Live;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Web.Tests.State;

public sealed class BackgroundWorkTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asked_WhileOneIsUnderWay_IsWorkedOutOnceMore_WithWhatIsThereByThen()
    {
        var (asked, shown, second) = (1, new List<int>(), new TaskCompletionSource());
        using var let = new SemaphoreSlim(0);
        using var work = new BackgroundWork<int>(_time, () =>
        {
            var now = asked;
            return () =>
            {
                Assert.True(let.Wait(Bound));
                return now;
            };
        }, made =>
        {
            shown.Add(made);
            if (shown.Count == 2)
            {
                second.SetResult();
            }
        }, _ => Task.CompletedTask);

        work.Ask();
        foreach (var next in new[] { 2, 3, 4 })
        {
            asked = next;
            work.Ask();
        }

        let.Release(10);
        await second.Task.WaitAsync(Bound, Token);
        Assert.Equal([1, 4], shown);
    }

    [Fact]
    public async Task WhatGoesWrong_IsTold_AndTheNextIsTriedAllTheSame()
    {
        var (fails, told, shown) = (true, new TaskCompletionSource<string>(), new TaskCompletionSource<int>());
        using var work = new BackgroundWork<int>(_time, () => () => fails ? throw new InvalidOperationException("no") : 7, shown.SetResult, e =>
        {
            told.SetResult(e.Message);
            return Task.CompletedTask;
        });

        work.Ask();
        Assert.Equal("no", await told.Task.WaitAsync(Bound, Token));
        fails = false;
        // It is ready for the next a moment after it has told.
        using var limit = new CancellationTokenSource(Bound);
        while (!shown.Task.IsCompleted)
        {
            work.Ask();
            await Task.Yield();
            Assert.False(limit.IsCancellationRequested);
        }

        Assert.Equal(7, await shown.Task);
    }

    [Fact]
    public async Task ARest_IsHeldByTheClock_AndEndsWithThePage()
    {
        using var shown = new SemaphoreSlim(0);
        using var work = new BackgroundWork<int>(_time, () => () => 0, _ => shown.Release(), _ => Task.CompletedTask, _ => TimeSpan.FromSeconds(2));

        work.Ask();
        Assert.True(await shown.WaitAsync(Bound, Token));
        work.Ask();
        Assert.False(await shown.WaitAsync(TimeSpan.FromMilliseconds(50), Token));
        using var limit = new CancellationTokenSource(Bound);
        while (!await shown.WaitAsync(TimeSpan.FromMilliseconds(10), limit.Token))
        {
            _time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task Disposed_ItShowsNothingAnyMore()
    {
        using var let = new ManualResetEventSlim();
        using var ended = new ManualResetEventSlim();
        var shown = 0;
        var work = new BackgroundWork<int>(_time, () => () =>
        {
            let.Wait(Bound);
            ended.Set();
            return 0;
        }, _ => shown++, _ => Task.CompletedTask);

        work.Ask();
        work.Dispose();
        let.Set();
        await Task.Run(() => ended.Wait(Bound), Token);
        work.Ask();
        Assert.Equal(0, shown);
    }
}
