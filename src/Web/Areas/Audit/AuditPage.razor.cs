using System.Collections.Immutable;
using CalicoConsole.Core.Ports;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CalicoConsole.Web.Areas.Audit;

public sealed partial class AuditPage
{
    private const int Page = 100;

    private AuditFilter _filter = new();
    private ImmutableArray<AuditEntry>? _entries;
    private string? _address;
    private string? _failed;
    private string? _seen;
    private long _total;
    private bool _gone;

    private bool SinceIsWrong => _filter.Since.Length > 0 && SinceWords.Read(_filter.Since, Time.GetUtcNow()) is null;

    private bool UntilIsWrong => _filter.Until.Length > 0 && SinceWords.ReadEnd(_filter.Until, Time.GetUtcNow()) is null;

    private string Finished => string.Join(' ', Running.Operations.Select(o => $"{o.Id}{o.Finished is null}"));

    protected override void OnInitialized()
    {
        Running.Changed += OnOperations;
        Navigation.LocationChanged += OnAddress;
    }

    protected override Task OnParametersSetAsync() => FollowAddressAsync();

    private void OnAddress(object? sender, LocationChangedEventArgs e) => _ = InvokeAsync(async () =>
    {
        if (!_gone && new Uri(e.Location).AbsolutePath == new Uri(_address ?? e.Location).AbsolutePath)
        {
            await FollowAddressAsync();
            StateHasChanged();
        }
    });

    private async Task FollowAddressAsync()
    {
        if (Navigation.Uri != _address)
        {
            _address = Navigation.Uri;
            _filter = AuditFilter.From(new Uri(_address));
            await LoadAsync();
        }
    }

    public void Dispose()
    {
        _gone = true;
        Navigation.LocationChanged -= OnAddress;
        Running.Changed -= OnOperations;
    }

    private static string Value(ChangeEventArgs e) => (e.Value as string)?.Trim() ?? "";

    private void Go(AuditFilter filter) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(filter.ToParameters()), replace: true);

    private void OnOperations() => _ = InvokeAsync(async () =>
    {
        if (!_gone && Finished != _seen)
        {
            await LoadAsync();
            StateHasChanged();
        }
    });

    private async Task LoadAsync()
    {
        _seen = Finished;
        await ReadAsync(null);
    }

    private Task OlderAsync() => ReadAsync(_entries is [.., { } last] ? last.Id : null);

    private async Task ReadAsync(long? before)
    {
        try
        {
            var page = await Log.QueryAsync(_filter.ToQuery(before, Page, Time.GetUtcNow()), CancellationToken.None);
            _entries = before is null ? page.Items : [.. _entries ?? [], .. page.Items];
            _total = page.Total;
            _failed = null;
        }
        catch (CalicoConsole.Adapters.Audit.ConsoleDatabaseException e)
        {
            _failed = e.Message;
        }
    }
}
